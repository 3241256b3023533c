import type { RecordType } from "dns-packet";
import { Address4, Address6 } from "ip-address";
import type { NameData } from "../api";
import { nameServers } from "../network/addresses";
import { recordData } from "./record-data";
import { Zone } from "./zone";

/** The networks of which Hetzner assigns addresses in the lab, as zones of reverse names. */
export const reverseOrigins = ["113.0.203.in-addr.arpa", "100.51.198.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"];

const REVERSE_TTL = 86400;

/** All zones that the name servers answer for; of those that a name is in, the first one is its own. */
export function zonesOf({ zones, reverse }: NameData): Zone[] {
  const forward = zones.map(forwardZone).sort((one, other) => other.origin.length - one.origin.length);
  return [...forward, ...reverseOrigins.map((origin) => reverseZone(origin, reverse))];
}

function forwardZone({ name: origin, ttl: usual, rrsets }: NameData["zones"][number]): Zone {
  const zone = new Zone(origin);
  for (const { name, type, ttl, records } of rrsets) {
    const data = records.map(({ value }) => recordData(type, value, origin)).filter((each) => each !== undefined);
    const whole = name === "@" ? origin : `${name}.${origin}`;
    if (data.length === 0) zone.keep(whole);
    else zone.add(whole, { type: type as RecordType, ttl: ttl ?? usual, data });
  }
  return zone;
}

function reverseZone(origin: string, entries: NameData["reverse"]): Zone {
  const zone = new Zone(origin);
  const soa = { mname: nameServers[0].name, rname: "dns.hetzner.com", serial: 1 };
  const times = { refresh: 86400, retry: 10800, expire: 3600000, minimum: 3600 };
  zone.add(origin, { type: "SOA", ttl: REVERSE_TTL, data: [{ ...soa, ...times }] });
  zone.add(origin, { type: "NS", ttl: REVERSE_TTL, data: nameServers.map(({ name }) => name) });
  for (const { ip, dns_ptr: name } of entries) {
    const reverse = reverseName(ip);
    if (zone.holds(reverse)) zone.add(reverse, { type: "PTR", ttl: REVERSE_TTL, data: [name.replace(/\.$/, "")] });
  }
  return zone;
}

function reverseName(ip: string): string {
  return (ip.includes(":") ? new Address6(ip) : new Address4(ip)).reverseForm().slice(0, -1);
}
