import type { Isolation, MachineAttach, Mode } from "../../provider/model/mode";

/** Who leads to machines: the host routes to them, they are on the LAN, or nobody does. */
const ways: Record<Mode, "host" | "lan" | "nobody"> = {
  isolated: "nobody",
  nat: "host",
  routed: "host",
  transparent: "lan",
};

/** Whether the host translates IPv4, so that nobody outside knows such addresses. */
const translated: Record<Mode, boolean> = { isolated: false, nat: true, routed: false, transparent: false };

/** Whether a machine has a virtual Ethernet link of its own; else it is a port of the bridge. */
const alone: Record<MachineAttach, boolean> = { bridge: false, macvlan: false, veth: true };

/** Whether it is on a macvlan of the host, and has no end there. */
const endless: Record<MachineAttach, boolean> = { bridge: false, macvlan: true, veth: false };

const filtered: Record<Isolation, boolean> = { none: false, tenant: true };

export const isRouted = ({ mode }: { mode: Mode }): boolean => ways[mode] === "host";
export const isOnLan = ({ mode }: { mode: Mode }): boolean => ways[mode] === "lan";
export const isTranslated = ({ mode }: { mode: Mode }, family: "ipv4" | "ipv6"): boolean =>
  translated[mode] && family === "ipv4";
export const isAlone = ({ attach }: { attach: MachineAttach }): boolean => alone[attach];
export const isEndless = ({ attach }: { attach: MachineAttach }): boolean => endless[attach];
export const isFiltered = ({ isolation }: { isolation: Isolation }): boolean => filtered[isolation];
