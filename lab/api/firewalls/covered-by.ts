import type { ServerRecord } from "../servers/server-record";
import { matchesSelector } from "../shared/label-selector";
import type { FirewallTarget } from "./firewall-target";

/** Whether one of the targets means this server, by id or by label. */
export function coveredBy(targets: FirewallTarget[], server: ServerRecord): boolean {
  return targets.some((target) =>
    target.type === "server"
      ? target.server.id === server.id
      : (matchesSelector(target.label_selector.selector)?.(server.labels) ?? false),
  );
}
