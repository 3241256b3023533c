import { Address4 } from "ip-address";
import { familyOf } from "../address";
import type { BridgeArgs, DhcpServerArgs, LanArgs, MachineAddressArgs, MachineNetworkArgs } from "../args";
import type { Place } from "../read/place";
import { isKnown } from "../unknown";
import { outsideLan } from "./lan";
import { clashWithHost } from "./routed";
import { onlyTransparent, type ModeRules } from "./rule";

/** The host leases private IPv4 addresses and translates them; IPv6 is routed. */
export const nat: ModeRules = {
  reachedBy: "anybody",
  bridge(args, place) {
    onlyTransparent(args, place);
    if (args.isolation === "none")
      place
        .key("isolation")
        .refuse(
          'must be "tenant" with mode "nat" (got "none"): leases are given to MAC addresses that the filter holds to',
        );
    if (args.lan4 === undefined) place.key("lan4").refuse('is required with mode "nat"');
    else if (isKnown(args.lan4)) lanRelations(args.lan4, args.dhcpServer, place);
  },
  noPrivateNetwork: `needs mode: "routed" (got "nat"): machines there are reached at the host's own addresses; routes need mode: "routed"`,
  noAttach: { veth: '"veth" needs mode: "routed" (got "nat"): the DHCP server is the bridge\'s' },
  noVxlan: 'needs mode: "isolated" (got "nat"): a network that this host leases and translates is on no other host',
  network: ownAddress,
  noMacvlan:
    'needs mode "isolated" or "routed" (got "nat"): the filter, which mode "nat" needs, knows machines by ports, and those on a macvlan share one',
  translates: true,
  clash,
};

/** What the filter lets out is what is leased. */
function ownAddress({ addresses }: MachineNetworkArgs, place: Place): void {
  if (!Array.isArray(addresses) || addresses.some((entry) => !isKnown(entry) || !isKnown(entry.address))) return;
  if (!addresses.some(({ address }) => familyOf(address) === "ipv4"))
    place
      .key("addresses")
      .refuse('must have an IPv4 address on a bridge of mode "nat": add network.ipv4For(name), or leave addresses out');
}

function lanRelations({ network, gateway }: LanArgs, dhcp: BridgeArgs["dhcpServer"], place: Place): void {
  if (!isKnown(network)) return;
  const lan = new Address4(network);
  if (!ranges.some((range) => lan.isInSubnet(new Address4(range))))
    place
      .key("lan4")
      .key("network")
      .refuse(
        `must be of private addresses, ${ranges.join(", ")} (got ${network}): who has such addresses would not be reached`,
      );
  if (isKnown(gateway)) {
    const why = outsideLan(gateway, { network });
    if (why !== undefined) place.key("lan4").key("gateway").refuse(why);
  }
  if (isKnown(dhcp)) poolRelation(dhcp, lan, place.key("dhcpServer"));
}

/** RFC 1918, and RFC 6598. */
const ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** The first and the last address of a network are nobody's. */
function poolRelation({ poolOffset = 1, poolSize = 1 }: DhcpServerArgs, lan: Address4, place: Place): void {
  if (typeof poolOffset !== "number" || typeof poolSize !== "number") return;
  const last = 2 ** (32 - lan.subnetMask) - 2;
  if (poolOffset + poolSize - 1 > last)
    place.refuse(
      `the pool of ${poolSize} from number ${poolOffset} on ends behind the last address of the network, number ${last}`,
    );
}

function clash(entry: MachineAddressArgs, network: MachineNetworkArgs): string | undefined {
  const { address, proxied } = entry;
  if (familyOf(address) === "ipv6") return clashWithHost(address, network);
  if (proxied === false)
    return `${address} is a floating address, which is routed to the host; a bridge of mode "nat" translates IPv4: use one of mode "routed", or both for one machine`;
  if (isKnown(network.lan4) && address === network.lan4.gateway)
    return `${address} is the host's own address on the bridge; a machine needs its own`;
  return outsideLan(address, network.lan4);
}
