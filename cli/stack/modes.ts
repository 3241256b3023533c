import type { Attach, Isolation, Mode } from "../../provider/model/mode";

/** Who leads to machines: the host routes to them, they are on the LAN, or nobody does. */
const ways: Record<Mode, "host" | "lan" | "nobody"> = { isolated: "nobody", routed: "host", transparent: "lan" };

/** Whether a machine has a virtual Ethernet link of its own; else it is a port of the bridge. */
const alone: Record<Attach, boolean> = { bridge: false, veth: true };

const filtered: Record<Isolation, boolean> = { none: false, tenant: true };

export const isRouted = ({ mode }: { mode: Mode }): boolean => ways[mode] === "host";
export const isOnLan = ({ mode }: { mode: Mode }): boolean => ways[mode] === "lan";
export const isAlone = ({ attach }: { attach: Attach }): boolean => alone[attach];
export const isFiltered = ({ isolation }: { isolation: Isolation }): boolean => filtered[isolation];
