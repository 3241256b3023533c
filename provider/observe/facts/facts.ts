import type { Login } from "../../model/fact/login";
import type { Neighbour } from "../../model/fact/neighbour";
import type { Peer } from "../../model/fact/peer";
import type { Proxy } from "../../model/fact/proxy";
import type { Reachability } from "../../model/reachability";
import type { Route } from "../../model/fact/route";
import type { Rule } from "../../model/fact/rule";
import type { Netfilter } from "../netfilter/ruleset";

/** What stands at a path. Nothing is followed and nothing is waited for to find it. */
export interface FoundFile {
  /**
   * `large`: a file of more than 512 KiB; `leased`: a file that its owner holds by a lease (fcntl(2)); `behind`: a path of a
   * machine's tree of which a folder is a link, or none; `other`: anything else.
   */
  type: "file" | "link" | "directory" | "fifo" | "socket" | "device" | "large" | "leased" | "behind" | "other";
  /** `0644`. */
  mode: string;
  uid: number;
  gid: number;
  /** Content of a file, target of a link, bytes of what is `large`, what is in the way of what is `behind`. */
  text: string;
}

/** What a host said of itself; texts by name as the program wrote them. */
export interface RawFacts {
  texts: Map<string, string>;
  files: Map<string, FoundFile>;
}

export interface FoundLink {
  ifname: string;
  kind: string;
  up: boolean;
  mtu: number;
  master?: string;
  /** The link that it is on: a macvlan's, or the other end of a veth pair. */
  lower?: string;
  /** A bridge's port: learns nothing, is flooded with nothing, and takes part in no spanning tree. */
  guarded: boolean;
  /** A bridge's port: reaches the bridge alone. */
  isolated: boolean;
  /** A VXLAN link; `apart`: as a port it is isolated, learns nothing and takes part in no spanning tree. */
  vxlan?: { id: number; local: string; port: number; apart: boolean };
  addresses: string[];
}

/** Public keys alone. */
export interface FoundWireguard {
  /** `key` is empty where the file has none; `access`: mode and owner of the secret one, `0640 root:systemd-network`. */
  own?: { key: string; access: string };
  links: Map<string, FoundMesh>;
}

export interface FoundMesh {
  key: string;
  port: number;
  /** By their keys: which addresses they have, and how many seconds ago they last showed that it is theirs; absent: never. */
  peers: Map<string, { addresses: string; heard?: number }>;
}

export interface FoundUnit {
  enabled: string;
  active: string;
  /** As its files call them: `TasksMax`. */
  limits?: Record<string, string>;
}

/** A route that somebody set by hand, not networkd and not the kernel. */
export interface FoundRoute {
  /** Without the length of one address: `198.51.100.7`, `10.0.0.0/16`. */
  destination: string;
  dev: string;
  /** `unicast`, `blackhole`. */
  type: string;
}

/** A line of a file that is not ours; a section's own line has neither key nor value. */
export interface FoundSetting {
  path: string;
  section: string;
  key: string;
  /** Only where it is needed: kernel settings, networkd's own, and which links a file is for. */
  value: string;
}

/** Facts of a host in a form that can be asked. */
export interface Facts {
  /** Records by key: word → values. */
  records: Map<string, Map<string, string[]>>;
  files: Map<string, FoundFile>;
  links: Map<string, FoundLink>;
  /** All routes, whoever set them. */
  routes: (Route & { gateway?: string })[];
  /** Links that bridges of the host have taken in as their way outside, whichever resource the facts are of. */
  uplinks: string[];
  /** Interfaces of default routes, the preferred one first, IPv4 before IPv6. */
  defaultInterfaces: string[];
  /** What answers for subnets: `as listed`, `changed`, `absent`. */
  answers: string;
  /** Addresses that the host answers for. */
  proxies: (Proxy & { link: string })[];
  /** Permanent ones. */
  neighbours: Neighbour[];
  /** Where a bridge sends a MAC address that it was told of. */
  forwarding: { mac: string; port: string }[];
  /** Where VXLAN links send what they know no better place for. */
  peers: Peer[];
  /** Of WireGuard: the host's own key, and links of ours. */
  wireguard: FoundWireguard;
  /** Filters of protected bridges: `loaded`, `changed`, `absent`. */
  filters: Map<string, string>;
  /** Folders that are mounted into machines; the state is `there`, or what is wrong. */
  mounts: { key: string; path: string; state: string }[];
  units: Map<string, FoundUnit>;
  packages: Map<string, string>;
  /** By machine: bytes that its tree may take, `none` for all. */
  quotas: Map<string, string>;
  /** Whether a file of the library's has a file system for machines. */
  hasStorageFile: boolean;
  sysctls: Map<string, string>;
  /** Ways to machines that a probe has tried, by the key of their record. */
  reached: Map<string, Reachability[]>;
  /** Keys that log in, of the users that a record names. */
  logins: Login[];
  /** State of a machine's own service manager: `running`, `starting`, `` when it cannot be asked. */
  guests: Map<string, string>;
  /** MAC address of a running machine's host0. */
  guestMacs: Map<string, string>;
  /** MAC addresses of all interfaces of a running machine, by their names. */
  guestInterfaces: Map<string, Map<string, string>>;
  /** Global addresses of a running machine's host0. */
  guestAddresses: Map<string, string[]>;
  handRoutes: FoundRoute[];
  /** Rules for what comes in by one link, of IPv4. */
  linkRules: Rule[];
  /** Rules that drop packets of one address: `rule from 198.51.100.7 blackhole`. */
  deadRules: { address: string; text: string }[];
  /** Settings by which a link answers ARP for every address: `proxy_arp` of `eth0`. */
  answeringAll: { link: string; setting: string }[];
  /** What networkd makes of each link. */
  managed: Map<string, { state: string; file: string }>;
  /** Destinations of the routes in drop-ins of our bridges, whoever wrote them. */
  destinations: Set<string>;
  settings: FoundSetting[];
  /** Addresses that files of ifupdown and netplan give to the host itself. */
  bootAddresses: { path: string; address: string }[];
  /** What others filter. */
  netfilter: Netfilter;
  os: string;
  systemdVersion: string;
}
