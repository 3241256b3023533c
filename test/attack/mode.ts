import type * as nspawn from "../../provider";
import { insideMacvlan, macvlanOf } from "../../provider/model/wired";
import { bareBridge, bareHost, bareNat, type Bare } from "./bare";
import { combinations } from "./combination";

/** With or without what protects; for controls it is without. */
export type Isolation = "none" | "tenant";

/** How a machine is attached to its network. */
type Plug = Pick<nspawn.MachineNetwork, "addresses" | "ports" | "attach">;

/** A network of a host. */
interface Network {
  network: object;
  /**
   * What a machine has on it.
   *
   * @param given its floating IPv4 address and one of the host's IPv6 network; none on a LAN
   */
  plug: (network: nspawn.BridgeNetwork, name: string, given: [string, string] | undefined) => Plug;
}

/** Another bridge of the host, with one machine on it. */
interface Beside extends Network {
  machine: string;
  bridge: string;
}

/** A way to attach machines, and what it means for a program and its host. */
export interface Mode extends Network {
  name: string;
  /** Whether its host is one of the plain LAN, which gives machines their addresses. */
  lan: boolean;
  /** With isolation, each machine has a cable of its own. Without isolation there are none: the control is on a bridge. */
  cables?: boolean;
  /** What takes protection away by hand, for the controls. */
  bare?: Bare;
  /** The isolation that the network always has, so that only {@link bare} makes the difference. */
  always?: Isolation;
  /** Number of the network that is on a second host as well, and the machines that are there. */
  tunnel?: { id: number; far: readonly string[] };
  /** Other bridges, for combinations that have some; the same once more with machine d when absent. */
  beside?: readonly Beside[];
  /** What a machine calls its interface; `host0` when absent. */
  inside?: (name: string) => string;
  /** What is attacked is not the network but the host's files, through what root does in a machine's tree. */
  files?: boolean;
  /** Those that it has. */
  combinations: readonly string[];
}

const all = combinations.map(({ name }) => name);
const given: Network["plug"] = (_, __, addresses) => ({ addresses: addresses ?? [] });
const own: Network["plug"] = (network, name) => ({ addresses: [network.ipv4For(name), network.ipv6For(name)] });
const alone = { mode: "isolated", ipv4: { network: "10.99.0.0/24" } };

/** Ports of the host that lead to machine A. */
export const natPorts = [
  { protocol: "tcp", host: 8090, machine: 80 },
  { protocol: "udp", host: 7790, machine: 7777 },
] as const;

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
    ...{ name: "nat", lan: false, network: { mode: "nat" }, bare: bareNat, always: "tenant" },
    plug: (network, name, addresses) => ({
      addresses: [network.ipv4For(name), addresses?.[1] ?? ""],
      ports: name === "a" ? [...natPorts] : [],
    }),
    combinations: all,
  },
  // The host is not on it: neither its services nor its other bridges are ever reached.
  {
    ...{ name: "isolated", lan: false, network: alone, plug: own, bare: bareHost },
    combinations: ["plain", "separate"],
  },
  // The same, where machines trust each other: A and B are on the macvlan, C is on the bridge.
  {
    ...{ name: "macvlan", lan: false, network: { ...alone, macvlan: true }, bare: bareHost, always: "none" },
    plug: (network, name) => ({ ...own(network, name, undefined), ...(name === "c" ? {} : { attach: "macvlan" }) }),
    inside: (name) => (name === "c" ? "host0" : insideMacvlan(macvlanOf("br0"))),
    combinations: ["plain"],
  },
  // The same on two hosts, with B on the other one. Beside it are machines that the host translates, and of another such network.
  {
    ...{ name: "vxlan", lan: false, network: alone, plug: own, bare: bareBridge, always: "tenant" },
    tunnel: { id: 5001, far: ["b"] },
    beside: [
      { machine: "d", bridge: "br1", network: { mode: "nat" }, plug: own },
      // Nobody is at its other end.
      {
        ...{ machine: "e", bridge: "br2", plug: own },
        network: { ...alone, ipv4: { network: "10.98.0.0/24" }, vxlan: { id: 5002, peers: ["198.51.100.201"] } },
      },
    ],
    combinations: ["plain", "bridges"],
  },
  { name: "files", lan: false, network: {}, plug: given, files: true, combinations: ["plain"] },
];

/** For trials: where machines do not trust each other, … */
export const apart = modes.flatMap(({ name, always }) => (always === "none" ? [] : [name]));
/** … where the host routes, … */
export const routed = ["routed", "veth", "nat"];
/** … where the host is on the machines' network at all, … */
export const hosted = [...routed, "transparent"];
/** … where everybody reaches machines by their own IPv4 addresses, … */
export const open4 = ["routed", "veth", "transparent"];
/** … where machines are alone with each other, and C is near A, … */
export const unhosted = ["isolated", "macvlan", "vxlan"];
/** … and where a bridge has tables that can be filled. */
export const bridged = ["routed", "transparent", "nat", "isolated", "vxlan"];
