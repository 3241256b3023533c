import type { Facts, FoundLink } from "../../provider/observe/facts/facts";
import { found } from "../../provider/observe/found";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { bridgeArgs } from "../support/sample";
import { factsOf } from "./facts-of";

const desired = desiredBridge(bridgeArgs({ mtu: 1450 }));
const port: FoundLink = {
  ...{ ifname: "vb-web", kind: "veth", up: true, mtu: 1450, master: "br0" },
  ...{ guarded: false, isolated: false, addresses: [] },
};

/** The bridge's line when it has this size, and these ports. */
function line(mtu: number, ...ports: FoundLink[]): unknown {
  const facts: Facts = factsOf(desired, "k");
  facts.links.set("br0", { ...facts.links.get("br0")!, mtu });
  for (const each of ports) facts.links.set(each.ifname, each);
  return found({ desired, key: "k", bridge: "br0" }, facts).live.link;
}

describe("the size of a bridge", () => {
  it("is told where machines are on it", () => {
    expect(line(1450, port)).toBe("br0 bridge up mtu 1450");
    expect(line(1500, port)).toBe("br0 bridge up mtu 1500");
  });

  it("is what its first port makes of it, where none is: the kernel's own says nothing", () => {
    expect(line(1500)).toBe("br0 bridge up mtu 1450");
    expect(line(1500, { ...port, master: "br1" })).toBe("br0 bridge up mtu 1450");
  });
});
