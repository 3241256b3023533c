import type { ServerRecord } from "../servers/server-record";
import { matchesSelector } from "../shared/label-selector";
import type { FirewallRecord } from "./firewall-record";

/** Whether the firewall covers this server, by id or by label. */
export function appliesTo(firewall: FirewallRecord, server: ServerRecord): boolean {
  return firewall.appliedTo.some((target) =>
    target.type === "server"
      ? target.server.id === server.id
      : (matchesSelector(target.label_selector.selector)?.(server.labels) ?? false),
  );
}
