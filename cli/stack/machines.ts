import { contains, parseNetwork } from "../../provider/model/cidr";
import { endsOf, meshPeersOf, type MeshPeer } from "../../provider/model/mesh";
import { meshLink, tunnelLink } from "../../provider/model/paths";
import { insideOf, plugOf } from "../../provider/model/plugged";
import { printable } from "../../provider/model/read/printable";
import type { Isolation, MachineAttach, Mode } from "../../provider/model/mode";
import type { ConnectionArgs, CredentialsArgs, FloatingIpArgs, MachineArgs } from "../../provider/model/args";
import { bridgeArgs, floatingIpArgs, hostArgs, machineArgs, type StoredMachine } from "./arguments";
import type { Underlay } from "../../provider/observe/netfilter/underlay";
import { underlaysOf } from "../../provider/observe/traffic-of";
import { imageWord } from "./image-word";
import { isOnLan, isRouted, isTranslated } from "./modes";
import { ofType, type Deployment, type StackResource } from "./deployment";

/** A public address of a machine, and what the state knows about its way to the host. */
export interface MachineAddress {
  address: string;
  family: "ipv4" | "ipv6";
  /**
   * What stands between the provider and the host: `assigned`, `elsewhere`, `own`, or `unknown` for an address given as
   * text. `lan`: nothing, it is an address of the LAN; `leased`: one that the LAN gave, as of the last `up` or `refresh`.
   * `isolated`: nobody leads there; `private`: the host translates it, or it is
   * of a private network of the provider's.
   */
  assignment: "assigned" | "elsewhere" | "own" | "unknown" | "lan" | "leased" | "isolated" | "private";
  /** For people: the floating address, the network. */
  detail: string;
}

/** A bridge that a machine is on. */
export interface MachineNetwork {
  bridge: string;
  /** Stands for the machine in the name of the host's end (`provider/model/plugged.ts`). */
  plug: string;
  /** The machine's interface there. */
  inside: string;
  mode: Mode;
  /** Addresses are of a private network of the provider's, and reach nothing else. */
  isPrivate: boolean;
  isolation: Isolation;
  attach: MachineAttach;
  /** The host's macvlan that it is on. */
  macvlan?: string;
  /** Of the machine: the host's own address, or its address on the bridge. */
  gateway4?: string;
  /** To other hosts. */
  tunnel?: Tunnel;
  addresses: MachineAddress[];
  /** Routed into the machine. */
  subnets: string[];
}

/** Of a bridge to other hosts. */
export interface Tunnel {
  link: string;
  /** On the underlay. */
  local: string;
  peers: string[];
  /** Where it leads to: the same, or addresses in WireGuard. */
  ends: { local: string; peers: string[] };
  /** What the host has to take of them. */
  underlays: Underlay[];
  /** WireGuard, in which its packets are. */
  mesh?: { link: string; peers: MeshPeer[] };
}

/** One machine as the state has it. */
export interface Machine {
  name: string;
  stack: string;
  urn: string;
  /** What the program has. */
  wanted: "running" | "stopped";
  readyWhen: MachineArgs["readyWhen"];
  /** `running`, `stopped`, or `not ready` where the last start failed; as of the last `up` or `refresh`. */
  state: "running" | "stopped" | "not ready";
  /** Why the last start failed. */
  problems: string[];
  image: string;
  /** The name of the NspawnHost. */
  host: string;
  /** Key of the host in this stack. */
  hostId: string;
  uplink?: string;
  /** Who answers on the uplink for whole subnets. */
  neighbourProxy?: "ndppd";
  networks: MachineNetwork[];
  connection: ConnectionArgs;
  credentials: CredentialsArgs;
}

const machineType = "pulumi-nodejs:dynamic/nspawn:NspawnMachine";
const floatingType = "pulumi-nodejs:dynamic/nspawn:FloatingIp";
const bridgeType = "pulumi-nodejs:dynamic/nspawn:BridgeNetwork";
const hostType = "pulumi-nodejs:dynamic/nspawn:NspawnHost";

/** All machines of a stack, by host and name. */
export function machinesOf(deployment: Deployment): Machine[] {
  const machines = ofType(deployment, machineType).map((resource) => machine(deployment, resource));
  return machines.sort((a, b) => compare(a.host, b.host) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function machine(deployment: Deployment, resource: StackResource): Machine {
  const args = machineArgs(resource);
  // What hosts and machines said then; older versions stored it as it came.
  const problems = (resource.initErrors ?? []).map((problem) => printable(problem, 4000));
  const wanted = args.running ? "running" : "stopped";
  const host = ofType(deployment, hostType).find((one) => hostArgs(one).owner === args.host.id);
  return {
    name: args.name,
    stack: deployment.stack,
    urn: resource.urn,
    wanted,
    readyWhen: args.readyWhen,
    state: problems.length > 0 ? "not ready" : wanted,
    problems,
    image: `${imageWord(args.image)} (${args.image.kind})`,
    host: args.host.id.split("/").at(-1) ?? args.host.id,
    hostId: args.host.id,
    uplink: host?.outputs?.uplinkName as string | undefined,
    neighbourProxy: host && hostArgs(host).neighbourProxy,
    networks: args.networks.map((network, index) => ({
      ...described(deployment, args, network, index === 0 ? (resource.outputs ?? {}) : {}),
      plug: plugOf(args.name, index),
      inside: insideOf(network, index),
    })),
    connection: args.connection,
    credentials: args.credentials,
  };
}

const familyOf = (address: string): MachineAddress["family"] => (address.includes(":") ? "ipv6" : "ipv4");

function described(
  deployment: Deployment,
  { host }: StoredMachine,
  {
    bridge,
    mode,
    isolation,
    attach,
    macvlan,
    gateway4: own,
    lan4,
    vxlan,
    isPrivate = false,
    addresses,
    subnets = [],
  }: StoredMachine["networks"][number],
  outputs: Record<string, unknown>,
): Omit<MachineNetwork, "plug" | "inside"> {
  const given = addresses.map(({ address }) => address);
  const all = isRouted({ mode })
    ? given.map(
        (address) =>
          inPrivate(isPrivate, address) ??
          (isTranslated({ mode }, familyOf(address))
            ? translated(address)
            : routed(deployment, host.instance, address)),
      )
    : onLan(given, isOnLan({ mode }) ? outputs : undefined);
  const gateway4 = isTranslated({ mode }, "ipv4") ? lan4?.gateway : own;
  const tunnel = vxlan === undefined ? undefined : tunnelOf(deployment, host.id, bridge);
  const behind = subnets.map(({ subnet }) => subnet);
  return { bridge, mode, isPrivate, isolation, attach, macvlan, gateway4, tunnel, addresses: all, subnets: behind };
}

/** As the bridge has it. */
function tunnelOf(deployment: Deployment, host: string, bridge: string): MachineNetwork["tunnel"] {
  const all = ofType(deployment, bridgeType).map(bridgeArgs);
  const { vxlan } = all.find((one) => one.bridge === bridge && one.host.id === host) ?? {};
  if (vxlan === undefined) return undefined;
  const { id, local, peers, wireguard } = vxlan;
  const mesh = wireguard && { link: meshLink(id), peers: meshPeersOf(vxlan) };
  return { link: tunnelLink(id), local, peers, ends: endsOf(vxlan), underlays: underlaysOf({ vxlan }), mesh };
}

/** On a LAN addresses are given, or the LAN gives them; the outputs have what was found. Without outputs the network is isolated. */
function onLan(given: string[], outputs: Record<string, unknown> | undefined): MachineAddress[] {
  const of = (assignment: "lan" | "leased" | "isolated", detail: string) => (address: string) => ({
    ...{ address, family: familyOf(address), assignment, detail },
  });
  if (outputs === undefined) return given.map(of("isolated", "of a network that only machines are on"));
  const found = [outputs.ipv4, outputs.ipv6].filter((address) => typeof address === "string");
  const leased = found.filter((address) => !given.some((one) => familyOf(one) === familyOf(address)));
  return [
    ...given.map(of("lan", "of the LAN, given in the program")),
    ...leased.map(of("leased", "of the LAN, which gave it")),
  ];
}

const translated = (address: string): MachineAddress => ({
  ...{
    address,
    family: "ipv4",
    assignment: "private",
    detail: "of the bridge's own network, which the host translates",
  },
});

const inPrivate = (isPrivate: boolean, address: string): MachineAddress | undefined =>
  isPrivate
    ? { address, family: "ipv4", assignment: "private", detail: "of a private network, to which the host routes" }
    : undefined;

function routed(deployment: Deployment, server: string, address: string): MachineAddress {
  const family = familyOf(address);
  const floating = ofType(deployment, floatingType).find((one) => holds(floatingIpArgs(one), address));
  if (floating !== undefined) return { address, family, ...assignment(deployment, floating, server) };
  const own = ofType(deployment, "hcloud:index/server:Server").find(({ id }) => id === server);
  const network = own?.outputs?.ipv6Network;
  if (typeof network === "string" && within(network, address))
    return { address, family, assignment: "own", detail: `of the server's own network ${network}` };
  return {
    address,
    family,
    assignment: "unknown",
    detail: "not made by this stack, which does not know its way to the host",
  };
}

function holds({ address, network }: FloatingIpArgs, wanted: string): boolean {
  return address === wanted || (network !== undefined && within(network, wanted));
}

/** The assignment is made by the same component as the host's side of the address. */
function assignment(
  deployment: Deployment,
  floating: StackResource,
  server: string,
): Pick<MachineAddress, "assignment" | "detail"> {
  const label = `floating address ${JSON.stringify(floatingIpArgs(floating).name)}`;
  const found = ofType(deployment, "hcloud:index/floatingIpAssignment:FloatingIpAssignment").find(
    ({ parent }) => parent === floating.parent,
  );
  if (found === undefined) return { assignment: "elsewhere", detail: `${label} is assigned to no server` };
  const target = String(found.outputs?.serverId);
  const right = target === server;
  const wanted = right ? "" : `, and the machine's host is server ${server}`;
  return { assignment: right ? "assigned" : "elsewhere", detail: `${label} is assigned to server ${target}${wanted}` };
}

/** Whether an IPv6 address lies in a network such as 2001:db8:f::/64. */
function within(network: string, address: string): boolean {
  const parsed = parseNetwork(network);
  return typeof parsed !== "string" && address.includes(":") && contains(parsed, address);
}
