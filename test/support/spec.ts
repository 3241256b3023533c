/** What a test declares; test/support/program/index.js turns it into resources. */
export interface Spec {
  /** Of servers and machines; default: that of the run. */
  release?: { image: string; suite: string };
  sshKey?: false;
  /** Secrets are passed as plain texts: the library has to know by itself what is one. */
  plainSecrets?: true;
  /** Pulumi's own options of all components. */
  options?: { protect?: boolean; retainOnDelete?: boolean };
  /** What resources of a name were called before: Pulumi's aliases. */
  aliases?: Record<string, string>;
  /** The component that all components are in; they were in none before. */
  inside?: string;
  hosts: Record<string, HostSpec>;
  /** A private network at Hetzner, and the addresses of hosts' servers in it. */
  privately?: { ipRange: string; subnet: string; hosts: Record<string, string> };
  bridges: Record<string, BridgeSpec>;
  /** Bridges that `bridgeNetworks` makes, known by their names there. */
  several?: {
    host: string;
    names: string[];
    args?: Partial<BridgeSpec> & { each?: Record<string, Partial<BridgeSpec>> };
  };
  ips?: Record<string, IpSpec>;
  machines?: Record<string, MachineSpec>;
  /** Machines that are published. */
  images?: Record<string, { host: string; machine: string; version?: string; live?: boolean; keep?: boolean }>;
  fleets?: Record<string, FleetSpec>;
  /** Zones at Hetzner, by their domains. */
  zones?: Record<string, { ttl?: number }>;
  dns?: Record<string, DnsSpec>;
}

/** Members of the template's image, each with the address of its name. */
export interface FleetSpec {
  count?: number;
  names?: string[];
  on: { host?: string; bridge?: string; gone?: true; from?: number; weight?: number; capacity?: number }[];
  spread?: "round-robin" | "pack";
  maxUnavailable?: number;
  template?: Pick<MachineSpec, "settings" | "readyWhen" | "onDelete">;
  image?: MachineSpec["image"];
}

interface DnsSpec {
  zone?: string;
  domain?: string;
  /** Names of machines; or those by the names that they are to have. */
  machines: string[] | Record<string, string>;
  ttl?: number;
  private?: boolean;
  reverse?: boolean;
}

interface BridgeSpec {
  host: string;
  bridge?: string;
  mtu?: number;
  isolation?: "none" | "tenant";
  attach?: "bridge" | "veth";
  mode?: "isolated" | "nat" | "routed" | "transparent";
  dhcpServer?: Record<string, unknown>;
  ipv4?: { network: string; gateway?: string };
  macvlan?: boolean | { name: string };
  /** By the place of its host in the network `privately`. */
  private?: true;
  /** Peers are names of hosts, or addresses. */
  vxlan?: {
    id: number;
    peers: string[];
    port?: number;
    underlay?: string;
    encrypt?: "wireguard";
    wireguardPort?: number;
  };
  adopt?: boolean;
}

interface IpSpec {
  type: "ipv4" | "ipv6";
  host: string;
  homeLocation?: string;
  failover?: "pinned" | "external";
  standby?: string[];
}

export interface HostSpec {
  /** Another stack's host of that name, by the name of the stack. */
  reference?: string;
  shared?: boolean;
  server?: Record<string, unknown>;
  /** Id of a server that the program does no more than read (`hcloud.Server.get`). */
  given?: number;
  ssh?: SshSpec;
  packages?: string[];
  neighbourProxy?: "ndppd";
  wireguard?: boolean;
  storage?: { type: "auto" | "directory" | "btrfs"; size?: string };
  resolved?: boolean;
  adopt?: boolean;
  authorizedKeys?: string[];
}

export interface SshSpec {
  /** Not of a server that the program makes. */
  host?: string;
  user?: string;
  hostKey?: string;
  /** A key that the program reads and passes. */
  privateKeyFile?: string;
  /** A key that only the provider reads: `ssh.privateKeyFile`. */
  keyPath?: string;
  privateKeyPassword?: string;
  privateKeyPasswordFile?: string;
  acceptNewHostKey?: boolean;
  perDialTimeout?: number;
  dialErrorLimit?: number;
  proxy?: SshSpec;
}

/** `ip`: a floating address, with `name` one of its network; `ipv6For`: of the bridge's network; `literal`: as it is. */
export type AddressSpec =
  { ip: string; name?: string } | { ipv6For: string } | { ipv4For: string } | { literal: string };

/** `ip`: of a floating network, else of the bridge's; `literal`: as it is. */
type SubnetSpec = { name: string; length: number; ip?: string } | { literal: string };

interface NetworkSpec {
  bridge: string;
  addresses?: AddressSpec[];
  subnets?: SubnetSpec[];
  ports?: { protocol: "tcp" | "udp"; host: number; machine: number }[];
  interface?: string;
  attach?: "macvlan";
  defaultRoute?: boolean;
}

export interface MachineSpec {
  host: string;
  bridge: string;
  addresses?: AddressSpec[];
  subnets?: SubnetSpec[];
  ports?: NetworkSpec["ports"];
  attach?: "macvlan";
  /** Its further networks. */
  also?: NetworkSpec[];
  hostname?: string;
  rootPassword?: string;
  rootPasswordFile?: string;
  login?: false;
  onDelete?: "trash" | "delete" | "keep";
  running?: boolean;
  readyWhen?: "started" | "running" | { reachable?: true; tcp?: number; http?: { port: number; path?: string } };
  health?: Record<string, unknown>;
  restart?: "no" | "on-failure" | "always";
  restartDelay?: number;
  confined?: boolean;
  settings?: Record<string, unknown>;
  limits?: Record<string, unknown>;
  image?:
    | { suite?: string; mirror?: string; packages?: string[] }
    | { localPath: string }
    // With a version by its words alone, else that of `images`.
    | { published: string; version?: string };
}
