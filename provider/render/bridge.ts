import type { BridgeArgs, DhcpServerArgs } from "../model/args";
import { apartRules } from "./apart-rules";
import { type Section, ini } from "./ini";

/** The address of the gateway of every bridge, S1R.09. */
export const bridgeLinkLocal = "fe80::1/64";

/** Section of a link towards machines: it has what is given and asks nobody. */
export const givenAlone = {
  ConfigureWithoutCarrier: "yes",
  DHCP: "no",
  IPv6AcceptRA: "no",
  LinkLocalAddressing: "no",
  LLMNR: "no",
  MulticastDNS: "no",
};

/** Of a link whose machines reach nothing of the host: networkd listens for LLDP before any filter, though never on a bridge. */
export const givenAloneUnheard = { ...givenAlone, LLDP: "no" };

/** Without duplicate detection, because nobody else may have it there and guests need it at once. */
export const gatewayAddress: Section = ["Address", { Address: bridgeLinkLocal, DuplicateAddressDetection: "none" }];

/** systemd.netdev(5): a bridge without a port, S1.21. */
export function netdev(args: BridgeArgs, snooping?: "no"): string {
  return ini([
    ["NetDev", { Name: args.bridge, Kind: "bridge", MTUBytes: mtu(args) }],
    ["Bridge", { STP: "no", ForwardDelaySec: "0", MulticastSnooping: snooping }],
  ]);
}

const ofBridge = (args: BridgeArgs): Section[] => [
  ["Match", { Name: args.bridge }],
  ["Link", { RequiredForOnline: "no", MTUBytes: mtu(args) }],
];

/** systemd.network(5): the host's own address once more as a /32, so that guests find their gateway. */
export function network(args: BridgeArgs): string {
  return ini([
    ...ofBridge(args),
    ["Network", givenAlone],
    ["Address", { Address: args.ipv4 === undefined ? undefined : `${args.ipv4}/32` }],
    gatewayAddress,
    ...apartRules(args).map(({ keys }): Section => ["RoutingPolicyRule", keys]),
  ]);
}

/** systemd.network(5) of a bridge on which the host has a network of its own and leases its addresses, S3.06 and S3.07. */
export function networkWithLeases(args: BridgeArgs): string {
  const { lan4, dhcpServer = {} } = args;
  return ini([
    ...ofBridge(args),
    ["Network", { ...givenAlone, DHCPServer: "yes" }],
    ["DHCPServer", serverKeys(dhcpServer)],
    ["Address", { Address: `${lan4?.gateway}/${lan4?.network.split("/")[1]}` }],
    gatewayAddress,
  ]);
}

function serverKeys(server: DhcpServerArgs): Record<string, string | undefined> {
  const yes = (flag: boolean | undefined): string | undefined => (flag === undefined ? undefined : flag ? "yes" : "no");
  return {
    PoolOffset: server.poolOffset?.toString(),
    PoolSize: server.poolSize?.toString(),
    DefaultLeaseTimeSec: server.defaultLeaseTimeSec?.toString(),
    EmitDNS: yes(server.emitDns),
    EmitNTP: yes(server.emitNtp),
    EmitTimezone: yes(server.emitTimezone),
    // From systemd 256 on leases are files, and a machine with another MAC address would wait until the lease to its old one ends.
    PersistLeases: "no",
  };
}

/** systemd.network(5) of a bridge on which the host has no address. */
export function networkAlone(args: BridgeArgs): string {
  return ini([...ofBridge(args), ["Network", givenAlone]]);
}

function mtu(args: BridgeArgs): string | undefined {
  return args.mtu === undefined ? undefined : String(args.mtu);
}
