import * as pulumi from "@pulumi/pulumi";
import type { Attach, Mode } from "../model/mode";
import type { Host } from "./host";

interface ModeOfNetwork {
  /** Inputs that a bridge of the mode has beside the others. */
  inputs: (host: Host) => { uplink?: pulumi.Input<string>; atHetzner?: pulumi.Input<boolean | undefined> };
  /** Whether a machine to which no address is given gets one by the LAN. */
  givesAddresses: boolean;
}

const modes: Record<Mode, ModeOfNetwork> = {
  routed: { inputs: () => ({}), givesAddresses: false },
  transparent: { inputs: onLan, givesAddresses: true },
};

function onLan(host: Host): ReturnType<ModeOfNetwork["inputs"]> {
  const known = host.cloud?.serverId.apply((id) => (Number.isNaN(id) ? undefined : true));
  return { uplink: host.uplink, atHetzner: host.server === undefined ? known : true };
}

/** Nothing of a word that the check of the arguments is going to refuse. */
export const modeOf = (mode: Mode | undefined): ModeOfNetwork | undefined =>
  mode !== undefined && Object.hasOwn(modes, mode) ? modes[mode] : undefined;

const most: Record<Attach, number> = { bridge: 1023, veth: Infinity };

/** Machines on one bridge; one of the kernel ends at 1,023 ports (network-facts 4). */
export const mostMachines = (attach: Attach): number => (Object.hasOwn(most, attach) ? most[attach] : Infinity);
