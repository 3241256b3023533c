import * as pulumi from "@pulumi/pulumi";
import type { Attach, Isolation, Mode } from "../model/mode";
import type { Host } from "./host";

interface ModeOfNetwork {
  /** Inputs that a bridge of the mode has beside the others. */
  inputs: (host: Host) => { uplink?: pulumi.Input<string>; atHetzner?: pulumi.Input<boolean | undefined> };
  /** Whether a machine to which no address is given gets one by the LAN. */
  givesAddresses: boolean;
  /** Whether the host is on the network: its IPv6 network is then the machines', and its IPv4 address one that they know. */
  hasHost: boolean;
  /** Whether the host leases IPv4 addresses of a network of the bridge's own, and translates them. */
  leases: boolean;
  /** Whether the host routes IPv6 to the machines. */
  routesIpv6: boolean;
}

const modes: Record<Mode, ModeOfNetwork> = {
  isolated: { inputs: () => ({}), givesAddresses: false, hasHost: false, leases: false, routesIpv6: false },
  nat: { inputs: () => ({}), givesAddresses: false, hasHost: true, leases: true, routesIpv6: true },
  routed: { inputs: () => ({}), givesAddresses: false, hasHost: true, leases: false, routesIpv6: true },
  transparent: { inputs: onLan, givesAddresses: true, hasHost: true, leases: false, routesIpv6: false },
};

function onLan(host: Host): ReturnType<ModeOfNetwork["inputs"]> {
  const known = host.cloud?.serverId.apply((id) => (Number.isNaN(id) ? undefined : true));
  return { uplink: host.uplink, atHetzner: host.server === undefined ? known : true };
}

/** Nothing of a word that the check of the arguments is going to refuse. */
export const modeOf = (mode: Mode | undefined): ModeOfNetwork | undefined =>
  mode !== undefined && Object.hasOwn(modes, mode) ? modes[mode] : undefined;

/** Of such a word, what most have. */
export const hasHost = (mode: Mode): boolean => modeOf(mode)?.hasHost ?? true;
export const leases = (mode: Mode): boolean => modeOf(mode)?.leases ?? false;
export const routesIpv6 = (mode: Mode): boolean => modeOf(mode)?.routesIpv6 ?? false;

/** Whether another network may have the same addresses of a family. */
export const isPrivate = (mode: Mode, family: "ipv4" | "ipv6"): boolean =>
  !hasHost(mode) || (leases(mode) && family === "ipv4");

const filtered: Record<Isolation, boolean> = { none: false, tenant: true };

/** Whether a filter holds machines to what they have. */
export const hasFilter = (isolation: Isolation): boolean => Object.hasOwn(filtered, isolation) && filtered[isolation];

const most: Record<Attach, number> = { bridge: 1023, veth: Infinity };

/** Machines on one bridge; one of the kernel ends at 1,023 ports (network-facts 4). */
export const mostMachines = (attach: Attach): number => (Object.hasOwn(most, attach) ? most[attach] : Infinity);
