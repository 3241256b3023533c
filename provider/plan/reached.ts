import type { Desired } from "../model/desired";
import { neighboursOf } from "../model/fact/neighbour";
import { routesOf } from "../model/fact/route";
import type { Draft } from "./draft";

/** Waits until networkd has done what the files say: at once on a bridge, with a cable of its own as soon as that is there. */
export function reached(draft: Draft, desired: Desired): void {
  const gateway = gatewayIn(desired) ?? "-";
  for (const { destination, link } of routesOf(desired)) {
    draft.add({ verb: "await_route", link, destination, gateway });
  }
  for (const neighbour of neighboursOf(desired)) draft.add({ verb: "await_neighbour", ...neighbour });
}

/** The machine itself, where it is a permanent neighbour. */
const gatewayIn = (desired: Desired): string | undefined => neighboursOf(desired)[0]?.address;

/** Where the host has to ask who has an address, it may remember who had it before, and sends there for a while. */
export function answered(draft: Draft, desired: Desired): void {
  if (gatewayIn(desired) !== undefined) return;
  for (const { destination, link } of routesOf(desired)) {
    draft.add({ verb: "await_answer", link, address: destination.replace(/\/.*$/, "") });
  }
}
