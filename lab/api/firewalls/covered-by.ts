import type { ServerRecord } from "../records/server-record";
import { matchesSelector } from "../http/label-selector";
import type { FirewallTarget } from "../records/firewall-target";

/** Whether one of the targets means this server, by id or by label. */
export function coveredBy(targets: FirewallTarget[], server: ServerRecord): boolean {
  return targets.some((target) =>
    target.type === "server"
      ? target.server.id === server.id
      : (matchesSelector(target.label_selector.selector)?.(server.labels) ?? false),
  );
}
