import { Address4, Address6 } from "ip-address";
import { ApiError } from "../http/api-error";
import { Fields } from "../http/fields";
import { readLabels } from "../shared/read-labels";
import type { RecordOfZone, RrsetRecord } from "../records/zone-record";

const TYPES = "A AAAA CAA CNAME DS HINFO HTTPS MX NS PTR RP SOA SRV SVCB TLSA TXT".split(" ");
const TTL = { min: 60, max: 2147483647 };
const RECORDS = 50;
const NAME = /^(@|(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/;

/** A `ttl` within Hetzner's bounds; undefined when not given. */
export const readTtl = (fields: Fields): number | undefined => fields.integer("ttl", TTL);

const CNAME = /^(@|([a-z0-9_*]([a-z0-9_-]{0,61}[a-z0-9_])?\.?)+)$/i;

/** What the value of a record has to be, by its type; of other types the lab takes any. */
const values: Record<string, [is: (value: string) => boolean, what: string]> = {
  A: [(value) => Address4.isValid(value) && !value.includes("/"), "an IPv4 address"],
  AAAA: [(value) => Address6.isValid(value) && !/[/%]/.test(value), "an IPv6 address"],
  CNAME: [(value) => CNAME.test(value), "a name"],
};

/** The `records` of a request: some, and all different. */
export function readRecords(fields: Fields, type: string): RecordOfZone[] {
  fields.require("records");
  const entries = fields.objects("records");
  if (fields.has("records") && (entries.length === 0 || entries.length > RECORDS)) {
    fields.reject("records", `has to have 1 to ${RECORDS} records`);
  }
  const records = entries.map((entry, index) => {
    const inner = new Fields(entry);
    const record = { value: inner.required("value"), comment: inner.string("comment") };
    const [is, what] = values[type] ?? [];
    if (record.value !== "" && is?.(record.value) === false) inner.reject("value", `is not ${what}: '${record.value}'`);
    fields.adopt(`records.${index}`, inner);
    return record;
  });
  if (new Set(records.map(({ value }) => value)).size < records.length) fields.reject("records", "has a value twice");
  if (type === "CNAME" && records.length > 1) fields.reject("records", "has more than one name for an alias");
  return records;
}

/** An rrset of `POST /zones` or `POST /zones/ID/rrsets`. */
export function readRrset(fields: Fields, zone: string): RrsetRecord {
  const name = fields.required("name");
  if (name !== "" && (!NAME.test(name) || name === zone || name.endsWith(`.${zone}`))) {
    fields.reject("name", `has to be lower case and without the zone's name, or @, got '${name}'`);
  }
  fields.require("type");
  const type = fields.oneOf("type", TYPES) ?? "";
  return {
    name,
    type,
    ttl: readTtl(fields) ?? null,
    labels: readLabels(fields) ?? {},
    protection: { change: false },
    records: readRecords(fields, type),
  };
}

/** An alias is all that there is of its name: RFC 2181, section 10.1. */
export function requireNoAlias(rrsets: RrsetRecord[], { name, type }: RrsetRecord): void {
  const others = rrsets.filter((row) => row.name === name && row.type !== type);
  if (type === "CNAME" ? others.length > 0 : others.some((row) => row.type === "CNAME"))
    throw ApiError.invalid("type", `'${name}' has a CNAME beside records of other types`);
}
