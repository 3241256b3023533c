import type { HostArgs } from "../../provider/model/args";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { found } from "../../provider/observe/found";
import { desiredHost } from "../../provider/render/desired-host";
import { common } from "../support/arguments";
import { factsOf } from "./facts-of";

const args = { ...common("host", "one"), packages: [], sysctls: {}, resolved: true } as unknown as HostArgs;
const proxying = desiredHost({ ...args, neighbourProxy: "ndppd" });

function answers(desired: typeof proxying, said: string): unknown {
  const facts = parseFacts({ texts: new Map(said === "" ? [] : [["answers", `${said}\n`]]), files: new Map() });
  return found({ desired, key: "k" }, { ...factsOf(desired, "k"), answers: facts.answers }).live.answers;
}

describe("what answers on the uplink for subnets", () => {
  it.each([
    ["as listed", "as listed"],
    ["changed", "changed"],
    ["absent", "absent"],
    ["", "absent"],
  ])("is told as it is: %s", (said, expected) => expect(answers(proxying, said)).toBe(expected));

  it("is not looked at where nobody does", () => expect(answers(desiredHost(args), "as listed")).toBeUndefined());
});
