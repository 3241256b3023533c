import type { Desired } from "../model/desired";
import { neighboursOf } from "../model/fact/neighbour";
import { isLinkLocal } from "../model/mac-address";
import { isToSubnet, routesOf } from "../model/fact/route";
import type { Draft } from "./draft";

/**
 * Waits until networkd has done what the files say of a link: at once on a bridge, with a cable of its own as soon as that is
 * there.
 */
export function reached(draft: Draft, desired: Desired, link: string): void {
  const gateway = gatewayOn(link, desired) ?? "-";
  for (const { destination, via } of routesOf(desired).filter((route) => route.link === link)) {
    draft.add({ verb: "await_route", link, destination, gateway: via ?? gateway });
  }
  for (const neighbour of neighboursOf(desired).filter((one) => one.link === link)) {
    draft.add({ verb: "await_neighbour", ...neighbour });
  }
}

/** The machine's link-local address, where that is a permanent neighbour. */
const gatewayOn = (link: string, desired: Desired): string | undefined =>
  neighboursOf(desired).find((neighbour) => neighbour.link === link && isLinkLocal(neighbour.address))?.address;

/** Where the host has to ask who has an address, it may remember who had it before, and sends there for a while. */
export function answered(draft: Draft, desired: Desired): void {
  for (const { destination, link } of routesOf(desired).filter((route) => !isToSubnet(route))) {
    if (gatewayOn(link, desired) === undefined)
      draft.add({ verb: "await_answer", link, address: destination.replace(/\/.*$/, "") });
  }
}
