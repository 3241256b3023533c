import { readFileSync } from "node:fs";
import { dnsPtrView } from "./addresses/dns-ptr-view";
import type { DnsPtrRecord } from "./records/dns-ptr-record";
import type { ZoneRecord } from "./records/zone-record";
import { emptyState } from "./state/empty-state";
import type { State } from "./state/state";

/** What name servers answer from: the zones, and the reverse names of all public addresses. */
export interface NameData {
  zones: Pick<ZoneRecord, "name" | "ttl" | "rrsets">[];
  reverse: DnsPtrRecord[];
}

/** The names in an API's state file; none before there is one. */
export function readNameData(statePath: string): NameData {
  const { zones, floatingIps, primaryIps, loadBalancers } = stateOf(statePath);
  const balanced = loadBalancers.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
  return { zones, reverse: [...primaryIps, ...floatingIps, ...balanced].flatMap(dnsPtrView) };
}

function stateOf(path: string): State {
  try {
    return { ...emptyState(), ...(JSON.parse(readFileSync(path, "utf8")) as Partial<State>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyState();
    throw error;
  }
}
