import { Fields } from "../http/fields";
import { readLabels } from "../shared/read-labels";
import type { RecordOfZone, RrsetRecord } from "../records/zone-record";

const TYPES = "A AAAA CAA CNAME DS HINFO HTTPS MX NS PTR RP SOA SRV SVCB TLSA TXT".split(" ");
const TTL = { min: 60, max: 2147483647 };
const RECORDS = 50;
const NAME = /^(@|(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/;

/** A `ttl` within Hetzner's bounds; undefined when not given. */
export const readTtl = (fields: Fields): number | undefined => fields.integer("ttl", TTL);

/** The `records` of a request: some, and all different. */
export function readRecords(fields: Fields): RecordOfZone[] {
  fields.require("records");
  const entries = fields.objects("records");
  if (fields.has("records") && (entries.length === 0 || entries.length > RECORDS)) {
    fields.reject("records", `has to have 1 to ${RECORDS} records`);
  }
  const records = entries.map((entry, index) => {
    const inner = new Fields(entry);
    const record = { value: inner.required("value"), comment: inner.string("comment") };
    fields.adopt(`records.${index}`, inner);
    return record;
  });
  const values = records.map(({ value }) => value);
  if (new Set(values).size < values.length) fields.reject("records", "has a value twice");
  return records;
}

/** An rrset of `POST /zones` or `POST /zones/ID/rrsets`. */
export function readRrset(fields: Fields, zone: string): RrsetRecord {
  const name = fields.required("name");
  if (name !== "" && (!NAME.test(name) || name === zone || name.endsWith(`.${zone}`))) {
    fields.reject("name", `has to be lower case and without the zone's name, or @, got '${name}'`);
  }
  fields.require("type");
  return {
    name,
    type: fields.oneOf("type", TYPES) ?? "",
    ttl: readTtl(fields) ?? null,
    labels: readLabels(fields) ?? {},
    protection: { change: false },
    records: readRecords(fields),
  };
}
