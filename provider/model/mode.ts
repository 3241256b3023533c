/**
 * How the machines of a bridge are on the network. `routed`: the host routes to them. `transparent`: the uplink is a port of
 * the bridge, and they have addresses of the LAN.
 *
 * What differs between these, and between the two types below, stands in one record for each layer, so the compiler names
 * every place that another mode has to fill (CONTRIBUTING.md). Nothing else compares their names.
 */
export type Mode = "routed" | "transparent";

/** How machines are attached: by a port of the bridge, or each by a cable of its own that the host routes to. */
export type Attach = "bridge" | "veth";

/** Whether the machines of a bridge are protected from each other. */
export type Isolation = "none" | "tenant";
