import type { Desired } from "../model/desired";
import type { Draft } from "./draft";
import { nearOf } from "../model/fact/neighbour";
import { proxiesOf } from "../model/fact/proxy";
import { isToSubnet, routesOf } from "../model/fact/route";

/** The step that frees the addresses of a resource from the host itself, where it has any. */
export function freeAddresses(draft: Draft, desired: Desired): void {
  const bridges = new Map<string, string>();
  for (const { address } of proxiesOf(desired)) bridges.set(address, "-");
  for (const { address, link } of nearOf(desired)) bridges.set(address, link);
  for (const route of routesOf(desired)) {
    const { destination, link } = route;
    bridges.set(isToSubnet(route) ? destination : destination.replace(/\/\d+$/, ""), link);
  }
  if (bridges.size === 0) return;
  const lines = [...bridges].map(([address, bridge]) => `${address} ${bridge}\n`);
  draft.add({ verb: "free_addresses", addresses: draft.text(lines.join("")) });
}
