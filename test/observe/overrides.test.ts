import type { MachineArgs } from "../../provider/model/args";
import type { FoundSetting } from "../../provider/observe/facts/facts";
import { found } from "../../provider/observe/found";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArguments } from "../support/arguments";
import { factsOf } from "./facts-of";

/** What a machine on a protected bridge finds of a file of networkd with these lines in its [Match]. */
function overridden(path: string, match: Record<string, string>): unknown {
  const networks = [
    { bridge: "br0", host: "shop/lab/host/host-1", gateway4: "203.0.113.2", addresses: [], isolation: "tenant" },
  ];
  const desired = desiredMachine(machineArguments({ networks }) as unknown as MachineArgs);
  const settings = Object.entries(match).map(([key, value]): FoundSetting => ({ path, section: "Match", key, value }));
  const facts = { ...factsOf(desired, "k"), settings };
  return found({ desired, key: "k", machine: "web", bridge: "br0" }, facts)?.boot.overrides;
}

const folder = "/etc/systemd/network";

it.each<[string, string, Record<string, string>, boolean]>([
  ["of every Ethernet", "05-wired.network", { Type: "ether" }, true],
  ["of every link", "00-all.network", { Name: "*" }, true],
  ["of cables", "05-cables.network", { Kind: "veth", Name: "vb-*" }, true],
  ["of Ethernet without a kind", "05-wired.network", { Type: "ether", Kind: "!*" }, false],
  ["that sorts behind ours", "20-wired.network", { Type: "ether" }, false],
  ["of another link", "05-wired.network", { Name: "eth0", Type: "ether" }, false],
  ["of bridges", "05-bridges.network", { Type: "bridge" }, false],
])("a machine's cable and a file %s", (_what, name, match, wins) => {
  const expected = wins ? [`${folder}/${name} is read for vb-web instead of ours`] : undefined;
  expect(overridden(`${folder}/${name}`, match)).toEqual(expected);
});
