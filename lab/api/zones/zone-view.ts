import type { Listable } from "../http/list-reply";
import type { RrsetRecord, ZoneRecord } from "../records/zone-record";

/** Hetzner's own, as the document names them. */
export const NAMESERVERS = ["hydrogen.ns.hetzner.com.", "oxygen.ns.hetzner.com.", "helium.ns.hetzner.de."];

export function zoneView({ rrsets, ...zone }: ZoneRecord): Listable {
  return {
    ...zone,
    primary_nameservers: [],
    status: "ok",
    registrar: "unknown",
    record_count: rrsets.reduce((count, { records }) => count + records.length, 0),
    authoritative_nameservers: {
      assigned: NAMESERVERS,
      delegated: [],
      delegation_last_check: null,
      delegation_status: "unknown",
    },
  } as Listable;
}

export function rrsetView(zone: ZoneRecord, rrset: RrsetRecord): Record<string, unknown> {
  return { id: `${rrset.name}/${rrset.type}`, ...rrset, zone: zone.id };
}
