import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { Family } from "../model/address";
import { relativeName, wholeName } from "../model/dns-name";
import { isPrivateAddress } from "../model/private-address";
import type { NamedAddresses } from "../model/zone-file";
import { type NamedMachine, pathOf } from "./dns-machines";
import { claim, once } from "./duplicates";
import type { PublishedAddress } from "./published-addresses";
import { refused } from "./refusals";

/** Where records go, and which ones. */
export interface DnsPlace {
  /** Name of the component. */
  name: string;
  parent: pulumi.ComponentResource;
  /** Whether the domain is a zone at Hetzner. */
  atHetzner: boolean;
  domain: pulumi.Output<string>;
  ttl: pulumi.Output<number | undefined>;
  withPrivate: boolean;
  reverse: boolean;
  /** Keys of addresses that lead back to a name already: machines on several hosts may share one. */
  led: Set<string>;
}

/** The records of one name. */
interface Records extends NamedAddresses {
  /** Those of its addresses that lead back to the name. */
  reversed: string[];
}

const types: Record<Family, "A" | "AAAA"> = { ipv4: "A", ipv6: "AAAA" };

/** Makes the records of a machine's name. Which ones there are does not depend on other machines. */
export function recordsOf(place: DnsPlace, one: NamedMachine): pulumi.Output<Records> {
  const published = one.machine.published();
  if (!pulumi.Output.isInstance(published)) return made(place, one, published);
  return published.apply((addresses) => made(place, one, addresses));
}

function made(place: DnsPlace, one: NamedMachine, all: PublishedAddress[]): pulumi.Output<Records> {
  const wanted = all
    .filter(({ isPublic }) => isPublic || place.withPrivate)
    .map((each) => ({ ...each, address: checked(place, one, each) }));
  if (wanted.length === 0) return pulumi.output(withoutAddress(place, one, all.length > 0));
  if (place.atHetzner) for (const family of ["ipv4", "ipv6"] as const) rrset(place, one, family, wanted);
  const led = one.isFirst ? wanted.filter((each) => isFree(place, each)) : [];
  if (place.reverse) for (const address of led) reverseName(place, one, address);
  const values = (addresses: PublishedAddress[]) => pulumi.all(addresses.map(({ address }) => address));
  return pulumi
    .all([values(wanted), values(led)])
    .apply(([addresses, reversed]) => ({ name: one.name, addresses, reversed }));
}

function withoutAddress(place: DnsPlace, { key }: NamedMachine, hasPrivate: boolean): Promise<never> {
  const message = hasPrivate
    ? "the machine has private addresses only; write them with `private: true`, or leave the machine out"
    : "the machine has no address; give it one, or leave it out";
  return refused(`DnsRecords "${place.name}"`, { path: pathOf(key), message });
}

/** One RRset for a name and a family: what others have of the zone, and other names here, do not change with it. */
function rrset(place: DnsPlace, one: NamedMachine, family: Family, all: PublishedAddress[]): void {
  const addresses = all.filter((each) => each.family === family);
  if (addresses.length === 0) return;
  const records = addresses.map(({ address }) => ({ value: address }));
  const name = place.domain.apply((domain) => {
    const claimed = claim(`name ${wholeName(one.name, domain)} in DNS`, `DnsRecords "${place.name}"`);
    return once(claimed, relativeName(one.name, domain));
  });
  const type = types[family];
  const inputs = { zone: place.domain, name, type, ttl: place.ttl as pulumi.Output<number>, records };
  new hcloud.ZoneRrset(`${place.name}-${one.name}-${type}`, inputs, { parent: place.parent, dependsOn: one.machine });
}

/** An address leads back to one name. */
function isFree({ led }: DnsPlace, { reverse }: PublishedAddress): boolean {
  if (reverse === undefined) return true;
  if (reverse === "given" || led.has(reverse.key)) return false;
  led.add(reverse.key);
  return true;
}

/** Named after the address, so that another name for it is an update in place. */
function reverseName(place: DnsPlace, one: NamedMachine, each: PublishedAddress): void {
  if (each.reverse === undefined || each.reverse === "given") return;
  const { key, of } = each.reverse;
  const ipAddress = pulumi
    .output(each.address)
    .apply((known) => once(claim(`reverse name of ${known}`, `DnsRecords "${place.name}"`), known));
  const dnsPtr = place.domain.apply((domain) => wholeName(one.name, domain));
  const options = { parent: place.parent, dependsOn: one.machine };
  new hcloud.Rdns(`${place.name}-${key}`, { ...of, ipAddress, dnsPtr }, options);
}

/** The host's own network counts as public until it is known. */
function checked(
  place: DnsPlace,
  { key }: NamedMachine,
  { address, isPublic }: PublishedAddress,
): pulumi.Output<string> {
  return pulumi.output(address).apply((known): pulumi.Output<string> => {
    if (place.withPrivate || !isPublic || !isPrivateAddress(known)) return pulumi.output(known);
    const message = `${known} is a private address; write it with \`private: true\`, or leave the machine out`;
    return pulumi.output(refused(`DnsRecords "${place.name}"`, { path: pathOf(key), message }));
  });
}
