import { locations } from "../catalog/locations";
import { dnsPtrView } from "../addresses/dns-ptr-view";
import { findRow } from "../shared/find-row";
import type { PrimaryIpRecord } from "../records/primary-ip-record";

type View = Record<string, unknown> & Pick<PrimaryIpRecord, "id" | "name" | "labels">;

/** A primary IP as the API shows it. */
export function primaryIpView(ip: PrimaryIpRecord): View {
  return {
    id: ip.id,
    name: ip.name,
    type: ip.type,
    ip: ip.ip,
    assignee_id: ip.assignee,
    assignee_type: "server",
    auto_delete: ip.autoDelete,
    blocked: false,
    dns_ptr: dnsPtrView(ip),
    location: findRow(locations, ip.location, "location"),
    protection: ip.protection,
    labels: ip.labels,
    created: ip.created,
  };
}
