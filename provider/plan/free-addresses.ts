import type { Desired } from "../model/desired";
import type { Draft } from "./draft";
import { factAs } from "../model/fact-as";

/** The step that frees the addresses of a resource from the host itself, where it has any. */
export function freeAddresses(draft: Draft, { live }: Desired): void {
  const bridges = new Map<string, string>();
  for (const proxy of factAs.list(live.proxies)) bridges.set(proxy.split(" ")[0] ?? "", "-");
  for (const route of factAs.list(live.routes)) {
    const [destination = "", , bridge = "-"] = route.split(" ");
    bridges.set(destination.replace(/\/\d+$/, ""), bridge);
  }
  if (bridges.size === 0) return;
  const lines = [...bridges].map(([address, bridge]) => `${address} ${bridge}\n`);
  draft.add({ verb: "free_addresses", addresses: draft.text(lines.join("")) });
}
