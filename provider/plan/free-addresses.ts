import type { Desired } from "../model/desired";
import type { Draft } from "./draft";
import { factAs } from "../model/fact/fact-as";
import { parseProxy } from "../model/fact/proxy";
import { parseRoute } from "../model/fact/route";

/** The step that frees the addresses of a resource from the host itself, where it has any. */
export function freeAddresses(draft: Draft, { live }: Desired): void {
  const bridges = new Map<string, string>();
  for (const { address } of factAs.list(live.proxies).map(parseProxy)) bridges.set(address, "-");
  for (const { destination, link } of factAs.list(live.routes).map(parseRoute)) {
    bridges.set(destination.replace(/\/\d+$/, ""), link);
  }
  if (bridges.size === 0) return;
  const lines = [...bridges].map(([address, bridge]) => `${address} ${bridge}\n`);
  draft.add({ verb: "free_addresses", addresses: draft.text(lines.join("")) });
}
