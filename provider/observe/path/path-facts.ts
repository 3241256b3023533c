import type { DroppingChain, Family } from "./dropping-chains";

/** What a program on the host said, and the status that it exited with. */
export interface Answer {
  code: number;
  text: string;
}

/** Where the kernel sends a packet, or why nowhere. */
interface FoundPath {
  dev?: string;
  gateway?: string;
  prefsrc?: string;
}

export interface Routed {
  route?: FoundPath;
  /** What ip(8) said; its reason where there is no route. */
  said: string;
}

/** One network of a machine, seen from inside. */
export interface InsideNetwork {
  /** Where the machine sends what goes out from any address. */
  out: Partial<Record<Family, Routed>>;
  /** Where it sends what goes out from its first address there. */
  from: Partial<Record<Family, Routed>>;
  /** A ping of its gateway. */
  gateway: Partial<Record<Family, Answer>>;
}

/** What only a machine that runs has: seen from its network namespace. */
export interface Inside {
  /** Addresses of its interfaces with their lengths. */
  addresses: ReadonlyMap<string, string[]>;
  /** What its service manager says of itself, or why it cannot be asked. */
  state: string;
  /** By interface. */
  networks: ReadonlyMap<string, InsideNetwork>;
  /** Whether it answers no ping by its own setting. */
  silent: Record<Family, boolean>;
  /** Chains of its own firewall that can drop packets. */
  firewall: DroppingChain[];
}

/** The path of packets to machines and back, as the step `diagnose` found it; its texts are printable. */
export interface PathFacts {
  /** What comes in by the uplink, by the address that it is for. */
  inward: ReadonlyMap<string, Routed>;
  /** What a machine sends, by its address. */
  outward: ReadonlyMap<string, Routed>;
  /** Pings of the host, by address. */
  pings: ReadonlyMap<string, Answer>;
  /** As ip-rule(8) shows them. */
  rules: Record<Family, string[]>;
  /** The newest lines of machines that do not run. */
  journals: ReadonlyMap<string, string>;
  /** By machine. */
  inside: ReadonlyMap<string, Inside>;
}
