import { createHash } from "node:crypto";
import type { MachineArgs, MachineNetworkArgs } from "./args";
import { knownAttach } from "./known-mode";
import type { MachineAttach } from "./mode";
import { UNKNOWN, isUnknown } from "./unknown";
import { insideMacvlan } from "./wired";

/** A network of a machine with the names of both ends of its veth pair. */
export interface PluggedNetwork extends MachineNetworkArgs {
  /** Its number among the machine's networks. */
  index: number;
  /** Stands for the machine in the names of the host's end, and of files about that. */
  plug: string;
  /** Interface name in the machine. */
  inside: string;
  /** Whether systemd-nspawn attaches it to the bridge itself; else networkd does, by the name of the host's end. */
  bySystemd: boolean;
}

/** Bytes that an interface name has, IFNAMSIZ without its zero, beside the prefix `vb-` or `ve-`. */
const longest = 12;

/**
 * The first network is plugged in by the machine's name, as systemd-nspawn does it. Others have their number behind `_`,
 * which no machine's name has: `web_1`. Where that is too long, the name is cut and has a hash of itself: `kube_5z7hgab`,
 * `kubep5z7hg_1`.
 */
export function plugOf(machine: string, index: number): string {
  if (isUnknown(machine)) return UNKNOWN;
  const end = index === 0 ? "" : `_${index}`;
  if (machine.length + end.length <= longest) return machine + end;
  const start = machine.slice(0, 4) + (index === 0 ? "_" : "");
  return start + letters(machine, longest - start.length - end.length) + end;
}

/** Of 32 letters and digits, 5 bits each. */
function letters(text: string, count: number): string {
  const hash = createHash("sha256").update(`pulumi-nspawn/plug/1\0${text}`, "utf8").digest();
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  return [...hash.subarray(0, count)].map((byte) => alphabet[byte & 31]).join("");
}

/** The interface that the first network has, unless it is a macvlan's: systemd-nspawn(1). */
export const firstInterface = "host0";

type Named = Pick<MachineNetworkArgs, "bridge" | "interface" | "attach" | "macvlan">;

/** Others are called like their bridge where the program says nothing, on a macvlan as systemd-nspawn calls them. */
const names: Record<MachineAttach, (network: Named, index: number) => string> = {
  bridge: ofPair,
  macvlan: ({ interface: given, macvlan = UNKNOWN }) =>
    given ?? (isUnknown(macvlan) ? UNKNOWN : insideMacvlan(macvlan)),
  veth: ofPair,
};

function ofPair({ bridge, interface: given }: Named, index: number): string {
  return index === 0 ? firstInterface : (given ?? bridge);
}

/** Interface name in the machine. */
export const insideOf = (network: Named, index: number): string => names[knownAttach(network.attach)](network, index);

/** Whether the first network's interface has a name that nobody chooses. */
export const isNamed: Record<MachineAttach, boolean> = { bridge: true, macvlan: false, veth: true };

const nothingKnown: MachineNetworkArgs = { bridge: UNKNOWN, host: UNKNOWN, addresses: UNKNOWN as never };

/** All networks of a machine, in order; an unknown one has unknown parts, and an unknown list is one of these. */
export function pluggedNetworks({ name, networks }: Pick<MachineArgs, "name" | "networks">): PluggedNetwork[] {
  const all = isUnknown(networks) ? [nothingKnown] : networks;
  return all.map((given, index) => {
    const network = isUnknown(given) ? nothingKnown : given;
    const plug = plugOf(name, index);
    return { ...network, index, plug, inside: insideOf(network, index), bySystemd: plug === name };
  });
}
