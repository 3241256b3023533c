// What differs between these words stands in one record for each layer, so the compiler names every place that another one has
// to fill (CONTRIBUTING.md). Nothing else compares their names.

/**
 * How machines are connected. `routed`: the host routes to their addresses. `transparent`: the uplink is a port of the bridge,
 * and machines have addresses of the LAN. `isolated`: nobody but the machines is on the bridge, not even the host. `nat`: the host
 * leases private IPv4 addresses to them and translates these; the only mode that translates.
 */
export type Mode = "isolated" | "nat" | "routed" | "transparent";

/**
 * How machines are attached to the host. `bridge`: each is a port of the bridge. `veth`: each has a virtual Ethernet link of its
 * own that the host routes to (veth(4)).
 */
export type Attach = "bridge" | "veth";

/** The same of one machine. `macvlan`: it is on the macvlan that is wired to the bridge. */
export type MachineAttach = Attach | "macvlan";

/** `tenant`: machines are protected from each other. `none`: machines of one bridge trust each other. */
export type Isolation = "none" | "tenant";
