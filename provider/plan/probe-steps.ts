import { familyOf } from "../model/address";
import type { FirewallRuleArgs, MachineArgs } from "../model/args";
import { machinePort } from "../model/paths";
import type { Step } from "./step";

/** Packets of a probe where nobody says what a machine is for. */
const usual = ["icmp", "tcp:22"];

/** What shows that a machine that runs is reached, and resolves names. On a LAN nothing is routed to it. */
export function probeSteps({ name: machine, networks, firewall }: MachineArgs): Step[] {
  const [network] = networks;
  if (network === undefined) return [];
  const names: Step = { verb: "probe_names", machine };
  if (network.mode === "transparent") return [names];
  const link = network.attach === "veth" ? machinePort(machine, "veth") : network.bridge;
  const all = network.addresses.map(({ address }) => address);
  const probes = (["ipv4", "ipv6"] as const).flatMap((family): Step[] => {
    const address = all.find((each) => familyOf(each) === family);
    const kinds = kindsOf(firewall, family);
    return address === undefined || kinds.length === 0
      ? []
      : [{ verb: "probe", machine, link, address, kinds: kinds.join(" ") }];
  });
  return [...probes, names];
}

/** Only what the machine's own firewall lets in from everywhere. */
function kindsOf(firewall: FirewallRuleArgs[] | undefined, family: "ipv4" | "ipv6"): string[] {
  if (firewall === undefined) return usual;
  const everywhere = family === "ipv4" ? "0.0.0.0/0" : "::/0";
  const open = firewall.filter(({ direction, sources }) => direction === "in" && sources?.includes(everywhere));
  const kinds = open.flatMap(({ protocol, port }) => {
    if (protocol === "icmp") return ["icmp"];
    const [first = "22"] = port === "any" ? [] : (port?.split("-") ?? []);
    return protocol === "tcp" || protocol === "udp" ? [`${protocol}:${first}`] : [];
  });
  return [...new Set(kinds)].slice(0, 4);
}
