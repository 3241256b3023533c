/**
 * The arguments of the dynamic resources as the components pass them and `check` receives them. They are a
 * contract with stored state: only ever add to them. Every string may be the unknown sentinel in a preview.
 */

import type { LimitsArgs, SettingsArgs } from "./container-args";
import type { Attach, Isolation, MachineAttach, Mode } from "./mode";
import type { MachineSecretsArgs, ProvisionArgs, UserArgs } from "./provision-args";

/** How to reach a host; nothing here is secret. */
export interface ConnectionArgs {
  host: string;
  port: number;
  user: string;
  /** Pinned public keys in OpenSSH form (`ssh-ed25519 AAAA…`); empty only with `acceptNewHostKey`. */
  hostKeys: string[];
  acceptNewHostKey?: boolean;
  agentSocketPath?: string;
  /** Where the private key is on the machine that runs the program; read there at each run, never stored. */
  privateKeyFile?: string;
  /** Where its passphrase is, likewise. */
  privateKeyPasswordFile?: string;
  /** Seconds for one attempt. */
  perDialTimeout?: number;
  dialErrorLimit?: number;
  /** Whether a deletion on a host that cannot be reached counts as done. Only stored when true. */
  forgetUnreachable?: boolean;
  /** Seconds within which a change of the network has to be confirmed by a new connection; 90 when absent. */
  confirmWithin?: number;
  proxy?: ConnectionArgs;
}

/** Secret as a whole. Without `privateKey`: `privateKeyFile`, else the stack's config `nspawn:sshPrivateKey`, else the agent. */
export interface CredentialsArgs {
  privateKey?: string;
  privateKeyPassword?: string;
  proxy?: CredentialsArgs;
}

/** Which host a resource lives on. */
export interface HostRefArgs {
  /** The owner id of the NspawnHost: known in every preview. */
  id: string;
  /** The server's id or the SSH host: changes when the host is another machine. */
  instance: string;
}

export interface CommonArgs {
  /** Shape of this resource's state; 1 today. */
  stateVersion: number;
  /** Who owns the files on the host: `<project>/<stack>/<kind>/<name>`. */
  owner: string;
  /** For progress on the resource's own row; information only. */
  ownUrn: string;
  host: HostRefArgs;
  connection: ConnectionArgs;
  credentials: CredentialsArgs;
  /** Filled by `check`; the program passes `{}` (`secretFiles` as a secret). */
  secretFiles?: Record<string, string>;
}

/** Where images and machines' trees are. */
export interface StorageArgs {
  /** `auto`: the host chooses, once. */
  type: "auto" | "directory" | "btrfs";
  /** Of the file that holds the file system: a number of M, G or T. */
  size?: string;
}

/** `nspawn:NspawnHost`. */
export interface HostArgs extends CommonArgs {
  /** Interface name; the one with the default route when absent. */
  uplink?: string;
  packages: string[];
  sysctls: Record<string, string>;
  resolved: boolean;
  adopt: boolean;
  /** All public keys that log in as the connection's user; absent: they are nobody's business. */
  authorizedKeys?: string[];
  /** First contact of a new server: the public host key that user data gave it, accepted this once; `rotation` replaces it. */
  bootHostKey?: string;
  /** Who answers on the uplink for whole subnets, where a router asks for each of their addresses; absent: nobody. */
  neighbourProxy?: "ndppd";
  /** The host makes a key for WireGuard. Only stored when true. */
  wireguard?: boolean;
  /** Absent: a directory. */
  storage?: StorageArgs;
  /** The host's own IPv4 address where the program says it; absent: `connection.host` where that is one, else as found. */
  ownIpv4?: string;
  /** Secret: the private host key, OpenSSH form, that the host gets on first contact. */
  rotation?: { privateKey: string };
}

/** What machines may reach on their host. */
export interface HostServiceArgs {
  protocol: "tcp" | "udp";
  port: number;
}

/** A rule of a machine's own firewall, as hcloud.Firewall has them. */
export interface FirewallRuleArgs {
  direction: "in" | "out";
  protocol: "tcp" | "udp" | "icmp" | "esp" | "gre";
  /** `80`, `80-85` or `any`; of tcp and udp only. */
  port?: string;
  /** `in`: networks in CIDR form. */
  sources?: string[];
  /** `out`: networks in CIDR form. */
  destinations?: string[];
}

/** networkd's DHCP server on a bridge, systemd.network(5), section DHCPServer. Absent: networkd's own defaults. */
export interface DhcpServerArgs {
  poolOffset?: number;
  poolSize?: number;
  /** Seconds. */
  defaultLeaseTimeSec?: number;
  emitDns?: boolean;
  emitNtp?: boolean;
  emitTimezone?: boolean;
}

/** A bridge's tunnel to other hosts, RFC 7348. */
export interface VxlanArgs {
  /** Number of the segment. */
  id: number;
  /** The host's own address, from which it sends. */
  local: string;
  /** Where the others have theirs. */
  peers: string[];
  /** UDP; 4789 when absent. */
  port?: number;
  /** Packets are in WireGuard, between addresses of its own; absent: plain, between these. */
  wireguard?: WireguardArgs;
}

/** A mesh of hosts, each of which has made a key: who it is to the others. Public keys alone, in Base64. */
export interface WireguardArgs {
  /** The host's own. */
  key: string;
  /** The others', in the order of `peers`. */
  peers: string[];
  /** UDP; 51820 when absent. */
  port?: number;
}

/** A server's place in a private network at Hetzner: layer 3, IPv4. */
export interface PrivateNetworkArgs {
  /** Of the server's interface there, by which the host finds it; `86:00:…`. */
  macAddress: string;
  /** The server's own address there, which is its machines' gateway. */
  address: string;
  /** The machines' network, which a route of the private network leads to the server; absent: aliases of the server alone. */
  network?: string;
  /** The server has no public address: everything leaves by the private network. Only stored when true. */
  only?: boolean;
}

/** `nspawn:BridgeNetwork`. */
export interface BridgeArgs extends CommonArgs {
  /** Interface name, 15 bytes at most. */
  bridge: string;
  mode: Mode;
  isolation: Isolation;
  /** `veth`: the bridge has no port. With isolation only. */
  attach: Attach;
  /** Which machines may reach each other; groups of machine names. With isolation only. */
  allowBetween: "all" | "none" | string[][];
  /** With isolation only: what else of the host machines may reach beside ping and neighbour discovery. */
  hostServices: HostServiceArgs[];
  /** Transparent: the interface that becomes a port. */
  uplink?: string;
  /** Transparent: the host is a server of Hetzner's Cloud. */
  atHetzner?: boolean;
  /** Transparent: the network behind the uplink lets any MAC address in. */
  allowForeignMacs: boolean;
  /** The host's own IPv4 address, which the bridge carries as a /32; absent without IPv4. */
  ipv4?: string;
  /** Nat: the machines' IPv4 network, with the host's address on the bridge as its gateway. */
  lan4?: LanArgs;
  /** Nat. */
  dhcpServer?: DhcpServerArgs;
  /** The network that `ipv6For` hands out of, `2001:db8:1::/64`; absent without IPv6. */
  ipv6?: string;
  /** Whether the filter knows of machines' subnets; absent in state of a version that did not. */
  subnets?: boolean;
  /** Isolated: the other hosts on which the network is. */
  vxlan?: VxlanArgs;
  /** Routed: machines reach this network, and by the host nothing else. */
  privateNetwork?: PrivateNetworkArgs;
  mtu?: number;
  /** Interface name of the macvlan that is wired to the bridge, 12 bytes at most; absent without one. */
  macvlan?: string;
  adopt: boolean;
}

/** `nspawn:FloatingIp`: the host's side of a floating address. */
export interface FloatingIpArgs extends CommonArgs {
  type: "ipv4" | "ipv6";
  /** IPv4: the address. IPv6: the network's first address, `2001:db8:f::1`. */
  address: string;
  /** IPv6: the network, `2001:db8:f::/64`. */
  network?: string;
  name: string;
}

export interface MachineAddressArgs {
  /** Without prefix length. */
  address: string;
  /** The `host.id` of where the address is; absent for literal addresses. */
  host?: string;
  /** Whether the machine itself has to be answered for on the uplink (a FloatingIp answers for its own address). */
  proxied: boolean;
}

/** An IPv6 network that is routed into a machine. */
export interface MachineSubnetArgs {
  /** `2001:db8:1:0:5::/80`. */
  subnet: string;
  /** The `host.id` of where the network is; absent for one that is given as text. */
  host?: string;
}

/** A port of the host that leads to one of a machine in a network of mode nat. */
export interface PortArgs {
  protocol: "tcp" | "udp";
  host: number;
  machine: number;
}

/** The IPv4 network of a LAN and its router, as machines with a given address have to know them. */
export interface LanArgs {
  /** `192.0.2.192/26`. */
  network: string;
  /** Absent where nobody routes. */
  gateway?: string;
}

export interface MachineNetworkArgs {
  bridge: string;
  /** Interface name in the machine, of networks behind the first; absent: the bridge's. */
  interface?: string;
  /** Whether the default routes lead here; absent: those of the first network that has the family. */
  defaultRoute?: boolean;
  /** `host.id` of the bridge, for the check that it is the machine's. */
  host?: string;
  addresses: MachineAddressArgs[];
  /** Routed into the machine, which is the router for what is behind it. Absent: none. */
  subnets?: MachineSubnetArgs[];
  /** The guest's IPv4 gateway: the host's own address. Absent without IPv4. */
  gateway4?: string;
  /** The bridge's IPv6 network, for the check that no machine takes the host's own address. */
  ipv6?: string;
  /** `transparent`: addresses of the LAN, by DHCP and SLAAC unless they are given. Absent: routed by the host. */
  mode?: Mode;
  /** Transparent or isolated, with a given IPv4 address, and nat: the LAN that it belongs to. */
  lan4?: LanArgs;
  /** Nat: what of the machine is reached at the host's own addresses. */
  ports?: PortArgs[];
  /** Isolated: the IPv6 network that the machines share, `fd12:3456:789a:1::/64`. */
  lan6?: string;
  /** Routed: addresses are of a private network, to which the host routes; absent: of the uplink's. */
  isPrivate?: boolean;
  /** The segment of the bridge's tunnel: nobody at its other end may be the machine. */
  vxlan?: number;
  /** Absent: `none`, and the machine has the MAC address that systemd-nspawn gives it. */
  isolation?: Isolation;
  /** Absent: `bridge`. */
  attach?: MachineAttach;
  /** With attach `macvlan`: the bridge's. */
  macvlan?: string;
  /** Bytes: of the machine's interface and of its cable; absent: the kernel's. */
  mtu?: number;
  /** Which groups of the bridge's `allowBetween` the machine is in, by their numbers. */
  groups?: number[];
}

export interface DebootstrapArgs {
  kind: "debootstrap";
  suite: string;
  mirror: string;
  /** `minbase` is debootstrap's name for the smallest one. */
  variant: string;
  packages: string[];
  /** OpenPGP public keys that sign the suite: armored text, or a file on the host. Debian's own when absent. */
  keyring?: string;
}

/** A signature of a tarball; its text or where it is fetched from, one of the two. */
export interface SignatureArgs {
  /** OpenPGP public keys, one of which has to have signed: armored text, or a file on the host. */
  keyring: string;
  /** Detached and armored. */
  text?: string;
  url?: string;
}

/** A tree in a tar archive; from a URL, a file on the host or one where the program runs, one of the three. */
export interface TarballArgs {
  kind: "tarball";
  url?: string;
  path?: string;
  /** A file on the machine that runs the program. */
  localPath?: string;
  /** Bytes of that file. `check` says it, and the sum if the program does not. */
  bytes?: number;
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  signature?: SignatureArgs;
  /** Whether the URLs may lead to private addresses. Only stored when true. */
  allowPrivate?: boolean;
}

/** A tree in a directory of the host. */
export interface DirectoryArgs {
  kind: "directory";
  path: string;
  /** What a change of its content is told by; absent: it never changes. */
  version?: string;
}

/** A machine as it once was: what `nspawn:MachineImage` has made on the machine's host. */
export interface PublishedArgs {
  kind: "published";
  name: string;
  version: string;
}

export type ImageArgs = DebootstrapArgs | TarballArgs | DirectoryArgs | PublishedArgs;

/** `nspawn:MachineImage`. */
export interface MachineImageArgs extends CommonArgs {
  name: string;
  /** It is published once for each. */
  version: string;
  source: { owner: string; machine: string };
  /** Also while the machine runs, file by file. */
  live: boolean;
  /** Whether the host keeps the image when the resource goes. */
  keep: boolean;
}

/** What has to be shown beside `running`, all of it. */
export interface ReadyConditionsArgs {
  reachable?: true;
  /** A port of the machine that takes connections. */
  tcp?: number;
  /** A path, `/` when absent, that an HTTP server in the machine answers with a status below 400. */
  http?: { port: number; path?: string };
}

/** When a start counts as done. */
export type ReadyWhenArgs = "started" | "running" | ReadyConditionsArgs;

/** How a running machine is looked after; one of `tcp`, `http`, `command` and `manager`. */
export interface HealthArgs {
  /** A port of the machine that takes connections. */
  tcp?: number;
  /** A path, `/` when absent, that an HTTP server in the machine answers with a status below 400. */
  http?: { port: number; path?: string };
  /** What its service manager runs, and ends with exit code 0. */
  command?: string[];
  /** Its service manager answers. */
  manager?: true;
  /** Seconds from the end of a check to the next one; 30 when absent. */
  interval?: number;
  /** Seconds that a check may take; 5 when absent. */
  timeout?: number;
  /** Failures in a row that make it unhealthy; 3 when absent. */
  retries?: number;
  /** Seconds from a start in which failures do not count, until the first success; 60 when absent. */
  startPeriod?: number;
  /** What becomes of an unhealthy machine; `restart` when absent. */
  action?: "restart" | "none";
}

/** What happens when a machine ends by itself, as systemd.service(5) has it. */
export type Restart = "no" | "on-failure" | "always";

/** Which fleet a machine is a member of. */
export interface FleetMembershipArgs {
  /** Name of the fleet's resource. */
  name: string;
  /** Members that are changed at once, at most; 1 when absent. */
  maxUnavailable: number;
}

/** `nspawn:NspawnMachine`. */
export interface MachineArgs extends CommonArgs {
  name: string;
  /** The owner that it was made by, where stack, project or resource have been renamed since: its MAC address stays. */
  firstOwner?: string;
  networks: MachineNetworkArgs[];
  image: ImageArgs;
  hostname: string;
  /** Resolvers; the host's own at creation when absent. */
  dns?: string[];
  timezone?: string;
  authorizedKeys: string[];
  /** Secret. `check` makes a hash of it, also of one in a file, whose path is not kept. */
  rootPassword?: string;
  startAtBoot: boolean;
  /** Names of machines of the same host. */
  startAfter?: string[];
  restart: Restart;
  /** Seconds. */
  restartDelay?: number;
  running: boolean;
  ephemeral: boolean;
  privateUsers: string;
  /** Without capabilities and system calls that no guest needs; false in state that does not know it. */
  confined: boolean;
  settings?: SettingsArgs;
  limits?: LimitsArgs;
  readyWhen: ReadyWhenArgs;
  /** Absent: nobody looks. */
  health?: HealthArgs;
  /** Absent: none, and none is made. */
  users?: UserArgs[];
  /** Absent: nothing is done inside. */
  provision?: ProvisionArgs;
  /** Secret: what of these two is. */
  secrets?: MachineSecretsArgs;
  onDelete: "trash" | "delete" | "keep";
  /** Absent: none, everything may come and go. */
  firewall?: FirewallRuleArgs[];
  /** The fleet that it is a member of; information only, by which members are changed in turn. */
  fleet?: FleetMembershipArgs;
  adopt: boolean;
}
