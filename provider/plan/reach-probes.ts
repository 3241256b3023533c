import { familyOf } from "../model/address";
import type { FirewallRuleArgs, MachineArgs } from "../model/args";
import { linkTowards } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import type { Step } from "./step";

/** Packets of a probe where nobody says what a machine is for. */
const usual = ["icmp", "tcp:22"];

/** Packets to a machine as if the uplink had received them, one probe for each family that it has an address of. */
export function reachProbes({ name: machine, firewall }: MachineArgs, network: PluggedNetwork): Step[] {
  const link = linkTowards(network.plug, network.bridge, network.attach);
  const all = network.addresses.map(({ address }) => address);
  return (["ipv4", "ipv6"] as const).flatMap((family): Step[] => {
    const address = all.find((each) => familyOf(each) === family);
    const kinds = kindsOf(firewall, family);
    return address === undefined || kinds.length === 0
      ? []
      : [{ verb: "probe", machine, link, address, kinds: kinds.join(" ") }];
  });
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
