import type { Family } from "../model/address";
import type { PluggedNetwork } from "../model/plugged";

/**
 * Where a machine sends by a network: `default` is its default route, one of each family. By an `own` one it sends only what
 * comes from its addresses there, so that an answer leaves where the question came in.
 */
export interface GuestWays extends Record<Family, "default" | "own"> {
  /** Number of the routing table of an own way. */
  table: number;
}

/** Families of which a network has a way out. */
export type WaysOut = (network: PluggedNetwork) => readonly Family[];

/** Of the networks that have one, the default route is that of the one which says so, else of the first that does not decline. */
export function guestWays(networks: readonly PluggedNetwork[], index: number, out: WaysOut): GuestWays {
  const of = (family: Family): "default" | "own" => {
    const able = networks.filter((network) => out(network).includes(family));
    const chosen =
      able.find(({ defaultRoute }) => defaultRoute === true) ?? able.find(({ defaultRoute }) => defaultRoute !== false);
    return chosen?.index === index ? "default" : "own";
  };
  return { ipv4: of("ipv4"), ipv6: of("ipv6"), table: 1000 + index };
}
