import { familyOf } from "../address";
import { addressOf } from "../allocation";
import type { LanArgs, MachineAddressArgs, MachineNetworkArgs } from "../args";
import { contains, parseNetwork } from "../cidr";
import { shown } from "../read/shown";
import { isKnown } from "../unknown";
import { outsideLan } from "./lan";
import { noLeases, onlyTransparent, type ModeRules } from "./rule";

/** Machines alone are on the bridge: nobody routes, answers or translates. */
export const isolated: ModeRules = {
  reachedBy: "nobody",
  bridge(args, place) {
    noLeases(args, place);
    onlyTransparent(args, place);
    if (Array.isArray(args.hostServices) && args.hostServices.length > 0)
      place.key("hostServices").refuse('must be empty with mode "isolated": the host is not on that network');
  },
  noGroups: 'must be "all" or "none" with mode "isolated"; groups need mode "routed"',
  noPrivateNetwork: `needs mode: "routed" (got "isolated"): nobody routes there; routes need mode: "routed"`,
  noAttach: { veth: '"veth" needs mode: "routed" (got "isolated"): machines of an isolated network share its bridge' },
  noFirewall: (bridge) =>
    `needs a bridge of mode "routed" (${shown(bridge)} is "isolated"); machines there reach each other past the host's own forwarding`,
  noSubnets: 'need a bridge of mode "routed" or "nat" (got "isolated"): nobody routes on an isolated network',
  clash({ address, proxied }, network) {
    if (proxied === false)
      return `${address} is a floating address, which is routed to the host; a bridge of mode "isolated" routes nothing: use one of mode "routed"`;
    return familyOf(address) === "ipv4" ? outside4(address, network.lan4) : outside6(address, network.lan6);
  },
};

function outside4(address: string, lan4: LanArgs | undefined): string | undefined {
  if (lan4 === undefined)
    return `an IPv4 address on an isolated bridge needs the bridge's ipv4: { network } (got ${address})`;
  return outsideLan(address, lan4);
}

function outside6(address: MachineAddressArgs["address"], lan6: MachineNetworkArgs["lan6"]): string | undefined {
  if (!isKnown(lan6)) return undefined;
  const network = parseNetwork(lan6);
  if (typeof network === "string" || contains(network, address))
    return address === lan6.split("/")[0]
      ? `${address} is the network's own address; a machine needs its own`
      : undefined;
  return `${address} is not in the bridge's network ${lan6}; take ${addressOf(lan6, 0x10000)} or another one of it, or give the bridge ipv6: { prefix }`;
}
