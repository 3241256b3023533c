import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { found } from "../../provider/observe/found";
import { planBridge } from "../../provider/plan/plan-bridge";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { bridgeArgs } from "../support/sample";
import { factsOf } from "./facts-of";

const privateNetwork = { macAddress: "86:00:00:2a:3b:4c", address: "10.0.1.11", network: "10.0.11.0/24" };
const args = bridgeArgs({ bridge: "back", isolation: "tenant", ipv6: undefined, subnets: undefined, privateNetwork });
const desired = desiredBridge(args);
const wanted = ["1000 iif back lookup main suppress_prefixlength 0", "1001 iif back unreachable"];

/** What is found of the rules when ip(8) said these. */
function rules(of: typeof desired, lines: string[]): unknown {
  const { linkRules } = parseFacts({ texts: new Map([["link-rules", `${lines.join("\n")}\n`]]), files: new Map() });
  return found({ desired: of, key: "k", bridge: "back" }, { ...factsOf(of, "k"), linkRules }).live.rules;
}

describe("rules of a bridge on a private network", () => {
  it("are found as they are wanted, and those of other links are theirs", () => {
    expect(desired.live.rules).toEqual(wanted);
    expect(rules(desired, ["900 iif wg0 lookup 51820", ...wanted])).toEqual(wanted);
  });

  it.each<[string, string[], string[]]>([
    ["gone", [], wanted.slice(1)],
    ["of another table", ["1000 iif back lookup 77"], ["1000 iif back lookup 77", ...wanted.slice(1)]],
  ])("are told as they are: one is %s", (_, first, expected) => {
    expect(rules(desired, [...first, ...wanted.slice(1)])).toEqual(expected);
  });

  it.each(["500 iif back lookup 77", "500 from 10.0.11.5 fwmark 0x7 iif back lookup 77"])(
    "are no others, whatever these ask beside: %s",
    (other) => {
      expect(rules(desired, [...wanted, other])).toEqual([...wanted, other]);
    },
  );

  it("are waited for, and others are taken away", () => {
    const { steps, texts } = planBridge(args, desired, {});
    const step = steps.find(({ verb }) => verb === "only_rules");
    expect(step).toMatchObject({ link: "back" });
    expect([...Object.values(texts)]).toContain(`${wanted.join("\n")}\n`);
  });

  it("are not looked at where the host has nothing to keep apart", () => {
    const alone = { ...args, privateNetwork: { ...privateNetwork, only: true } };
    expect(rules(desiredBridge(alone), ["500 iif back lookup 77"])).toBeUndefined();
    expect(planBridge(alone, desiredBridge(alone), {}).steps.map(({ verb }) => verb)).not.toContain("only_rules");
  });
});
