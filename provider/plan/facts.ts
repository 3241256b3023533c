/** A file, link or directory as it was found. */
export interface FoundFile {
  type: "file" | "link" | "directory" | "other";
  /** `0644`. */
  mode: string;
  uid: number;
  gid: number;
  /** Content of a file, target of a link. */
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
  addresses: string[];
}

export interface FoundUnit {
  enabled: string;
  active: string;
}

/** Facts of a host in a form that can be asked. */
export interface Facts {
  /** Records by key: word → values. */
  records: Map<string, Map<string, string[]>>;
  files: Map<string, FoundFile>;
  links: Map<string, FoundLink>;
  /** `198.51.100.7/32 dev br0`. */
  routes: Set<string>;
  /** Interfaces of default routes, the preferred one first, IPv4 before IPv6. */
  defaultInterfaces: string[];
  /** `198.51.100.7 dev eth0`. */
  proxies: Set<string>;
  units: Map<string, FoundUnit>;
  packages: Map<string, string>;
  sysctls: Map<string, string>;
  /** State of a machine's own service manager: `running`, `starting`, `` when it cannot be asked. */
  guests: Map<string, string>;
  /** MAC address of a running machine's host0. */
  guestMacs: Map<string, string>;
  os: string;
  systemdVersion: string;
}
