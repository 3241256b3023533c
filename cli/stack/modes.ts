import type { Attach, Isolation, Mode } from "../../provider/model/mode";

/** Whether the host routes to machines; else they are on the LAN. */
const routed: Record<Mode, boolean> = { routed: true, transparent: false };

/** Whether a machine has a virtual Ethernet link of its own; else it is a port of the bridge. */
const alone: Record<Attach, boolean> = { bridge: false, veth: true };

const filtered: Record<Isolation, boolean> = { none: false, tenant: true };

export const isRouted = ({ mode }: { mode: Mode }): boolean => routed[mode];
export const isAlone = ({ attach }: { attach: Attach }): boolean => alone[attach];
export const isFiltered = ({ isolation }: { isolation: Isolation }): boolean => filtered[isolation];
