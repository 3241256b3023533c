import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { familyOf, isIpv6 } from "../model/address";
import { bridgeDefaults } from "../model/defaults";
import { originOf, type Origin } from "./address";
import type { BridgeNetwork } from "./bridge-network";
import { claim, claimIpv6, claimRouted, once } from "./duplicates";
import type { MachineResource } from "./dynamic";
import { FloatingIp } from "./floating-ip";
import { hasHost, isPrivate, modeOf } from "./modes";
import type { MachineNetwork } from "./machine-args";

type Address = FloatingIp | pulumi.Input<string>;

function belongsTo(address: Address): Origin | undefined {
  if (!(address instanceof FloatingIp)) return originOf(address);
  if (address.origin.hosts.length > 0) return address.origin;
  const message = "a floating address without a `host` reaches no machine: give the FloatingIp the machine's host";
  throw new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "networks" });
}

/** An address on the machine's own host needs no word. */
function addressInput(address: Address, machineHost: string, { isPrivate: quiet }: BridgeNetwork): pulumi.Inputs {
  const hosts = belongsTo(address)?.hosts ?? [];
  const host = hosts.includes(machineHost) ? undefined : hosts[0];
  // A floating address answers for itself on the uplink; any other address has to be answered for by its machine.
  if (address instanceof FloatingIp) return { address: address.address, host, proxied: false };
  // The router of a private network asks nobody.
  return { address, host, proxied: !quiet };
}

function subnetInput(subnet: pulumi.Input<string>, machineHost: string): pulumi.Inputs {
  const hosts = originOf(subnet)?.hosts ?? [];
  return { subnet, host: hosts.includes(machineHost) ? undefined : hosts[0] };
}

/** Plain JavaScript lets anything pass. */
function checked(networks: MachineNetwork[]): MachineNetwork[] {
  const isNetwork = (on: unknown): boolean =>
    typeof on === "object" &&
    on !== null &&
    "network" in on &&
    typeof (on as MachineNetwork).network?.attach === "function";
  const wrong = Array.isArray(networks) ? networks.findIndex((on) => !isNetwork(on)) : undefined;
  if (wrong === -1) return networks;
  const path = wrong === undefined ? "networks" : `networks[${wrong}]`;
  const message =
    "must be a list of { network: a BridgeNetwork, addresses? }; an empty one is a machine without a network";
  throw new NspawnError("NSPAWN_INVALID_INPUT", `${path}: ${message}`, { path });
}

/** Of a list that plain JavaScript has as something else the check tells. */
export const listOf = <T>(list: T[] | undefined): T[] => (Array.isArray(list) ? list : []);

/**
 * What a machine is attached to. Where the host leases addresses, one that says nothing of its own has that of its name.
 *
 * @throws NSPAWN_INVALID_INPUT for what is no network, has no room for another port, or an address that reaches no machine
 */
export const attached = (networks: MachineNetwork[], machine: string): MachineNetwork[] =>
  checked(networks).map((on) => {
    on.network.attach();
    for (const address of listOf(on.addresses)) belongsTo(address);
    const leased = on.addresses === undefined && on.network.givesLeases;
    return leased ? { ...on, addresses: [on.network.ipv4For(machine)] } : on;
  });

/** Ports of a host are a machine's alone: what comes to its end if they are this one's. */
export function claimedPorts(networks: MachineNetwork[], machineHost: string, claimant: string): pulumi.Output<true>[] {
  const claimed = (known: unknown): pulumi.Output<true> => {
    // Plain JavaScript lets anything pass, which the check tells.
    const ports = Array.isArray(known) ? (known as Partial<{ protocol: string; host: number }>[]) : [];
    const claims = ports.map((port) => claim(`port ${port?.host}/${port?.protocol} of ${machineHost}`, claimant));
    return once<true>(
      claims.find((refused) => refused !== undefined),
      true,
    );
  };
  // What is plain is claimed at once, so that it fails where it stands.
  return networks.map(({ ports }) => (isPlain(ports) ? claimed(ports) : pulumi.output(ports).apply(claimed)));
}

function isPlain(
  ports: MachineNetwork["ports"],
): ports is { protocol: "tcp" | "udp"; host: number; machine: number }[] {
  const wrapped = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;
  return Array.isArray(ports) && !ports.some(wrapped);
}

/** Inputs of a machine's networks. Where the bridge and the addresses are goes along, so that `check` can compare. */
export function networkInputs(networks: MachineNetwork[], machineHost: string, machine: string): pulumi.Inputs[] {
  return networks.map(({ network, addresses = [], subnets, interface: name, defaultRoute, ports, attach }) => ({
    bridge: network.bridge,
    interface: name,
    defaultRoute,
    host: network.host.ref.id,
    addresses: Array.isArray(addresses)
      ? addresses.map((address) => addressInput(address, machineHost, network))
      : addresses,
    // Plain JavaScript lets anything pass, which the check tells.
    subnets: Array.isArray(subnets) ? subnets.map((subnet) => subnetInput(subnet, machineHost)) : subnets,
    gateway4: network.gateway4,
    ipv6: network.ipv6Network,
    mode: network.lan.mode.apply((mode) => unlessDefault("mode", mode)),
    lan4: network.lan.ipv4,
    ports,
    lan6: network.lan.mode.apply((mode) => (hasHost(mode) ? undefined : network.ipv6Network)),
    ...(network.isPrivate ? { isPrivate: true } : {}),
    vxlan: network.vxlan,
    mtu: network.mtu,
    ...protectionInputs(network, machine),
    // As in state: nothing is said of what is not there.
    ...(attach === undefined ? {} : { attach, macvlan: network.macvlan }),
  }));
}

const unlessDefault = <K extends "mode" | "isolation" | "attach">(
  key: K,
  value: (typeof bridgeDefaults)[K],
): (typeof bridgeDefaults)[K] | undefined => (value === bridgeDefaults[key] ? undefined : value);

/** Left out where there is none, so that such machines stay as they are in state. */
function protectionInputs({ protection }: BridgeNetwork, machine: string): pulumi.Inputs {
  const { allowBetween } = protection;
  const isolation = unlessDefault("isolation", protection.isolation);
  if (isolation === undefined) return {};
  const attach = unlessDefault("attach", protection.attach);
  if (!Array.isArray(allowBetween)) return { isolation, attach };
  return {
    isolation,
    attach,
    groups: allowBetween.flatMap((group, index) => (group.includes(machine) ? [index] : [])),
  };
}

/** All addresses in order; an address that another machine has already fails here, in the preview. */
export function claimedAddresses(
  networks: MachineNetwork[],
  machineHost: string,
  claimant: string,
): pulumi.Output<string[]> {
  const each = networks.flatMap(({ network, addresses }) =>
    listOf(addresses).map((address) => {
      const where = belongsTo(address)?.shared === true ? ` on ${machineHost}` : "";
      return pulumi
        .all([address instanceof FloatingIp ? address.address : address, network.lan.mode, network.segment])
        .apply(([known, mode, segment]) => {
          // Each network that nobody outside knows may have the addresses of another one.
          const on = isPrivate(mode, familyOf(known)) ? ` on ${segment}` : where;
          if (isIpv6(known)) return once(claimIpv6(known, on, claimant), known);
          const claimed = claim(`address ${known}${on}`, claimant);
          if (claimed !== undefined || isPrivate(mode, "ipv4")) return once(claimed, known);
          return once(claimRouted(known, machineHost, claimant), known);
        });
    }),
  );
  return pulumi.all(each);
}

/** All subnets in order; one that overlaps with another machine's fails here, in the preview. */
export function claimedSubnets(
  networks: MachineNetwork[],
  machineHost: string,
  claimant: string,
): pulumi.Output<string[]> {
  const each = networks.flatMap(({ subnets }) =>
    listOf(subnets).map((subnet) => {
      const where = originOf(subnet)?.shared === true ? ` on ${machineHost}` : "";
      return pulumi.output(subnet).apply((known) => once(claimIpv6(known, where, claimant), known));
    }),
  );
  return pulumi.all(each);
}

/** The first address of a family, known as soon as the addresses are. */
function firstOf(family: "ipv4" | "ipv6", addresses: pulumi.Output<string[]>): pulumi.Output<string | undefined> {
  return addresses.apply((all) => all.find((address) => isIpv6(address) === (family === "ipv6")));
}

/** The first address of a family; on a transparent bridge, where none is given, the one that the machine got. */
export function firstOrLan(
  family: "ipv4" | "ipv6",
  addresses: pulumi.Output<string[]>,
  bridge: BridgeNetwork | undefined,
  machine: MachineResource,
): pulumi.Output<string | undefined> {
  return pulumi
    .all([firstOf(family, addresses), bridge?.lan.mode])
    .apply(
      ([given, mode]) => given ?? (modeOf(mode)?.givesAddresses === true ? machine[family] : undefined),
    ) as pulumi.Output<string | undefined>;
}

/** What has to be there before a machine: its bridges and its floating addresses. */
export function needsOf(networks: MachineNetwork[]): pulumi.Resource[] {
  return networks.flatMap(({ network, addresses }) => [
    network.prepared,
    ...listOf(addresses).flatMap((address) => (address instanceof FloatingIp ? address.prepared : [])),
  ]);
}
