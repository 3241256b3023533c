import { locations } from "../catalog/locations";
import { dnsPtrView } from "../addresses/dns-ptr-view";
import { findRow } from "../shared/find-row";
import type { FloatingIpRecord } from "../records/floating-ip-record";

type View = Record<string, unknown> & Pick<FloatingIpRecord, "id" | "name" | "labels">;

/** A floating IP as the API shows it. */
export function floatingIpView(ip: FloatingIpRecord): View {
  return {
    id: ip.id,
    name: ip.name,
    description: ip.description,
    type: ip.type,
    ip: ip.ip,
    server: ip.server,
    dns_ptr: dnsPtrView(ip),
    home_location: findRow(locations, ip.location, "location"),
    blocked: false,
    protection: ip.protection,
    labels: ip.labels,
    created: ip.created,
  };
}
