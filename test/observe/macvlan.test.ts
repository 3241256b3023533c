import type { BridgeArgs, MachineArgs } from "../../provider/model/args";
import { parseInside, insideLine } from "../../provider/model/fact/inside";
import { parseWired, wiredLine } from "../../provider/model/fact/wired";
import type { Desired } from "../../provider/model/desired";
import type { Facts, FoundLink } from "../../provider/observe/facts/facts";
import { found } from "../../provider/observe/found";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArgs, machineArgs } from "../support/sample";
import { factsOf } from "./facts-of";

const args: BridgeArgs = bridgeArgs({ macvlan: "mv-br0" });
const bridge = desiredBridge(args);
const onMacvlan: MachineArgs = machineArgs({
  networks: machineArgs().networks.map((network) => ({ ...network, attach: "macvlan" as const, macvlan: "mv-br0" })),
});
const machine = desiredMachine(onMacvlan);

function changed(desired: Desired, change: (facts: Facts) => void): Desired {
  const facts = factsOf(desired, "k");
  change(facts);
  return found({ desired, key: "k", machine: "web", bridge: "br0" }, facts);
}

const linkOf = (facts: Facts, name: string): FoundLink => facts.links.get(name)!;

describe("a macvlan that is wired to a bridge", () => {
  it("is as wanted, and its port is no stray", () => {
    const now = changed(bridge, () => undefined);
    expect(now.live.macvlan).toEqual([
      "mv-br0 macvlan up on mv-br0-v2",
      "mv-br0-v1 veth up master br0",
      "mv-br0-v2 veth up",
    ]);
    expect([now.files, now.boot, now.live]).toEqual([bridge.files, bridge.boot, bridge.live]);
  });

  it.each<[string, (facts: Facts) => void, string[]]>([
    [
      "that is gone with its pair",
      (facts) => ["mv-br0", "mv-br0-v1", "mv-br0-v2"].forEach((name) => facts.links.delete(name)),
      [],
    ],
    [
      "whose port is none",
      (facts) => (linkOf(facts, "mv-br0-v1").master = undefined),
      ["mv-br0 macvlan up on mv-br0-v2", "mv-br0-v1 veth up", "mv-br0-v2 veth up"],
    ],
    [
      "on another link",
      (facts) => (linkOf(facts, "mv-br0").lower = "eth0"),
      ["mv-br0 macvlan up on eth0", "mv-br0-v1 veth up master br0", "mv-br0-v2 veth up"],
    ],
    [
      "that is down, and that networkd leaves alone",
      (facts) => {
        linkOf(facts, "mv-br0").up = false;
        facts.managed.set("mv-br0-v2", { state: "unmanaged", file: "" });
      },
      ["mv-br0 macvlan down on mv-br0-v2", "mv-br0-v1 veth up master br0", "mv-br0-v2 veth up unmanaged"],
    ],
  ])("is told where it is one %s", (_, change, lines) => {
    expect(changed(bridge, change).live.macvlan ?? []).toEqual(lines);
  });

  it("is not what another bridge wants: there the port is a stray", () => {
    const plain = desiredBridge(bridgeArgs());
    const facts = factsOf(bridge, "k");
    expect(found({ desired: plain, key: "k", bridge: "br0" }, facts).live.strays).toEqual(["port mv-br0-v1"]);
  });

  it.each([
    ["mv-br0", "macvlan"],
    ["mv-br0-v1", "veth"],
  ])("has others' files told that are read for %s", (name, kind) => {
    const path = "/etc/systemd/network/05-all.network";
    const match = [
      { path, section: "Match", key: "Kind", value: kind },
      { path, section: "Match", key: "Name", value: `${name}*` },
    ];
    expect(changed(bridge, (facts) => facts.settings.push(...match)).boot.overrides).toContain(
      `${path} is read for ${name} instead of ours`,
    );
  });
});

describe("a machine on a macvlan", () => {
  it("has its interface, as it says itself, and no port", () => {
    const now = changed(machine, () => undefined);
    expect([now.live.inside, now.live.port, now.live.ports]).toEqual([["mv-mv-br0 on mv-br0"], undefined, undefined]);
    expect(changed(machine, (facts) => facts.guestInterfaces.clear()).live.inside).toBeUndefined();
  });
});

test("lines are read as they are written", () => {
  for (const line of ["mv-a macvlan up on mv-a-v2 mtu 9000", "mv-a-v1 veth down master br-a", "mv-a-v2 veth up"])
    expect(wiredLine(parseWired(line))).toBe(line);
  expect(parseInside(insideLine({ name: "mv-mv-a", macvlan: "mv-a" }))).toEqual({ name: "mv-mv-a", macvlan: "mv-a" });
});
