import { isDeepStrictEqual } from "node:util";
import { ApiError } from "../http/api-error";
import type { State } from "../state/state";
import { coveredBy } from "./covered-by";
import type { FirewallRecord } from "../records/firewall-record";
import type { FirewallTarget } from "../records/firewall-target";

/** A server is covered by at most so many firewalls, those by label included. */
const FIREWALLS = 5;

const known = (state: State, target: FirewallTarget): boolean =>
  target.type === "label_selector" || state.servers.some(({ id }) => id === target.server.id);

/** Throws `firewall_resource_not_found` when a target names a server that there is not. */
export function requireTargets(state: State, targets: FirewallTarget[], status: 404 | 422): void {
  const missing = targets.find((target) => !known(state, target));
  if (missing?.type !== "server") return;
  throw new ApiError(status, "firewall_resource_not_found", `server with ID '${missing.server.id}' not found`);
}

/** Throws when two of the targets are the same. */
export function requireDistinct(targets: FirewallTarget[], code: string): void {
  const twice = targets.some((one, index) => targets.slice(0, index).some((other) => isDeepStrictEqual(one, other)));
  if (twice) throw new ApiError(422, code, "the same resource is named twice");
}

/** Throws when a server that is named has no public interface: firewalls filter nothing else. */
export function requirePublic(state: State, targets: FirewallTarget[], code: string): void {
  const hasAddress = (id: number): boolean => state.primaryIps.some((ip) => ip.assignee === id);
  const bare = targets.find((target) => target.type === "server" && !hasAddress(target.server.id));
  if (bare) throw new ApiError(422, code, "firewalls need a server with a public network interface");
}

/** Throws `resource_limit_exceeded` when a server would be covered by too many firewalls. */
export function requireFewFirewalls(state: State, firewall: FirewallRecord | undefined, more: FirewallTarget[]): void {
  for (const server of state.servers) {
    if (!coveredBy(more, server) || (firewall && coveredBy(firewall.appliedTo, server))) continue;
    const count = state.firewalls.filter(({ appliedTo }) => coveredBy(appliedTo, server)).length;
    if (count >= FIREWALLS) throw tooManyFirewalls(`server ${server.id}`);
  }
}

/** The same for a server that is being ordered. */
export function requireFewOrdered(firewalls: FirewallRecord[]): void {
  if (firewalls.length > FIREWALLS) throw tooManyFirewalls("a server");
}

function tooManyFirewalls(what: string): ApiError {
  const details = { limits: [{ name: "firewalls_per_server" }] };
  return new ApiError(
    403,
    "resource_limit_exceeded",
    `${what} can be covered by ${FIREWALLS} firewalls at most`,
    details,
  );
}

/** Throws `firewall_managed_by_label_selector` when a server is covered by its labels, not by its id. */
export function requireNamed(state: State, { appliedTo }: FirewallRecord, targets: FirewallTarget[]): void {
  for (const target of targets) {
    const server = target.type === "server" && state.servers.find(({ id }) => id === target.server.id);
    const named = appliedTo.some((other) => isDeepStrictEqual(other, target));
    if (server && !named && coveredBy(appliedTo, server)) {
      const message = `server ${server.id} is covered by a label selector; remove that, or the label`;
      throw new ApiError(422, "firewall_managed_by_label_selector", message);
    }
  }
}
