import { familyOf } from "../model/address";
import type { FirewallRuleArgs, MachineArgs } from "../model/args";
import { knownAttach } from "../model/known-mode";
import type { MachineAttach } from "../model/mode";
import { machinePort } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import { wiredNames } from "../model/wired";
import type { Step } from "./step";

type Family = "ipv4" | "ipv6";

/** Where the packets of a probe come in, from whom, and to which address. */
export interface Way {
  /** `uplink`, `lan`, a tunnel's link, or `nobody`. */
  entry: string;
  /** Absent: somebody outside. */
  peer?: string;
  family: Family;
  /** `4` or `6`: the one that a LAN gave. */
  address: string;
  /** What comes in; absent: what the machine's firewall lets in from everywhere. */
  kinds?: string[];
}

/** Packets of a probe where nobody says what a machine is for. */
const usual = ["icmp", "tcp:22"];

/** Packets to a machine and from it, one probe for each family that it has an address of. */
export function reachProbes(args: MachineArgs, network: PluggedNetwork): Step[] {
  return probesOf(
    args,
    network,
    firstOfEach(network).map(([family, address]) => ({ entry: "uplink", family, address })),
  );
}

/** The first address of each family. */
export function firstOfEach({ addresses }: PluggedNetwork): [Family, string][] {
  const all = addresses.map(({ address }) => address);
  return (["ipv4", "ipv6"] as const).flatMap((family): [Family, string][] => {
    const address = all.find((each) => familyOf(each) === family);
    return address === undefined ? [] : [[family, address]];
  });
}

export function probesOf({ name: machine, firewall }: MachineArgs, network: PluggedNetwork, ways: Way[]): Step[] {
  return ways.map(({ entry, peer, family, address, kinds = incoming(firewall, family) }) => ({
    ...{ verb: "probe", machine, entry, peer: peer ?? "-", way: wayOf(network), address },
    ...{ kinds: kinds.join(" ") || "-", out: outgoing(firewall, family) },
  }));
}

/** The links from where the host's own ways end to the machine's interface, one behind the other. */
const wayOf = (network: PluggedNetwork): string =>
  [...links[knownAttach(network.attach)](network), network.inside].join(" ");

const links: Record<MachineAttach, (network: PluggedNetwork) => string[]> = {
  bridge: ({ bridge, plug }) => [bridge, machinePort(plug)],
  macvlan({ bridge, macvlan = "" }) {
    const { port, lower } = wiredNames(macvlan);
    return [bridge, port, lower];
  },
  veth: ({ plug }) => [machinePort(plug, "veth")],
};

const everywhere: Record<Family, string> = { ipv4: "0.0.0.0/0", ipv6: "::/0" };

/** What the machine's own firewall lets in from everywhere, at most four kinds. */
function incoming(firewall: FirewallRuleArgs[] | undefined, family: Family): string[] {
  if (firewall === undefined) return usual;
  const open = firewall.filter(({ direction, sources }) => direction === "in" && sources?.includes(everywhere[family]));
  return [...new Set(open.flatMap(kindOf))].slice(0, 4);
}

/** One kind of what it lets out to everywhere; `udp`: to a port of the probe's own. */
function outgoing(firewall: FirewallRuleArgs[] = [], family: Family): string {
  const rules = firewall.filter(({ direction }) => direction === "out");
  if (rules.length === 0) return "udp";
  const open = rules.filter(({ destinations }) => destinations?.includes(everywhere[family]));
  // Of UDP the port is what the probe is known by.
  const [any] = open.filter(({ protocol, port }) => protocol === "udp" && port === "any");
  return any === undefined ? (open.flatMap(kindOf).find((kind) => !kind.startsWith("udp")) ?? "-") : "udp";
}

function kindOf({ protocol, port }: FirewallRuleArgs): string[] {
  if (protocol === "icmp") return ["icmp"];
  const [first = "22"] = port === "any" ? [] : (port?.split("-") ?? []);
  return protocol === "tcp" || protocol === "udp" ? [`${protocol}:${first}`] : [];
}
