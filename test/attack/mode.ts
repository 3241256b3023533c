import type * as nspawn from "../../provider";
import { bare, type Bare } from "./bare";
import { combinations } from "./combination";

/** How a machine is attached to its network. */
type Plug = Pick<nspawn.MachineNetwork, "addresses" | "ports">;

/** A way to attach machines, and what it means for a program and its host. */
export interface Mode {
  name: string;
  /** Whether its host is one of the plain LAN, which gives machines their addresses. */
  lan: boolean;
  network: object;
  /**
   * What a machine has on it.
   *
   * @param given its floating IPv4 address and one of the host's IPv6 network; none on a LAN
   */
  plug: (network: nspawn.BridgeNetwork, name: string, given: [string, string] | undefined) => Plug;
  /** With isolation, each machine has a cable of its own. Without isolation there are none: the control is on a bridge. */
  cables?: boolean;
  /** Of a network that is never without isolation: what takes it away by hand, for the controls. */
  bare?: Bare;
  /** What is attacked is not the network but the host's files, through what root does in a machine's tree. */
  files?: boolean;
  /** Those that it has. */
  combinations: readonly string[];
}

const all = combinations.map(({ name }) => name);
const given: Mode["plug"] = (_, __, addresses) => ({ addresses: addresses ?? [] });

export const modes: readonly Mode[] = [
  { name: "routed", lan: false, network: {}, plug: given, combinations: all },
  // One uplink makes one such bridge, and what machines of a LAN send each other passes no firewall of the host.
  {
    name: "transparent",
    lan: true,
    network: { mode: "transparent", allowForeignMacs: true },
    plug: given,
    combinations: ["plain", "separate", "services"],
  },
  { name: "veth", lan: false, network: {}, plug: given, cables: true, combinations: all },
  {
    name: "nat",
    lan: false,
    network: { mode: "nat" },
    plug: (network, name, addresses) => ({
      addresses: [network.ipv4For(name), addresses?.[1] ?? ""],
      ports: name === "a" ? [...natPorts] : [],
    }),
    bare,
    combinations: all,
  },
  // The host is not on it: neither its services nor its other bridges are ever reached.
  {
    name: "isolated",
    lan: false,
    network: { mode: "isolated", ipv4: { network: "10.99.0.0/24" } },
    plug: (network, name) => ({ addresses: [network.ipv4For(name), network.ipv6For(name)] }),
    combinations: ["plain", "separate"],
  },
  { name: "files", lan: false, network: {}, plug: given, files: true, combinations: ["plain"] },
];

/** Ports of the host that lead to machine A. */
export const natPorts = [
  { protocol: "tcp", host: 8090, machine: 80 },
  { protocol: "udp", host: 7790, machine: 7777 },
] as const;

/** For trials: where the host routes, … */
export const routed = ["routed", "veth", "nat"];
/** … where the host is on the machines' network at all, … */
export const hosted = [...routed, "transparent"];
/** … where everybody reaches machines by their own IPv4 addresses, … */
export const open4 = ["routed", "veth", "transparent"];
/** … and where a bridge has tables that can be filled. */
export const bridged = ["routed", "transparent", "nat", "isolated"];
