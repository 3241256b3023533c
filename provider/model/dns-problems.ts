import { APEX, wholeName } from "./dns-name";
import type { Problem } from "./problem";
import { object, optional, required } from "./read/object";
import { Place } from "./read/place";
import { type Reader, orUnknown } from "./read/reader";
import { flag, integer } from "./read/scalar";
import { text } from "./read/text";
import { isHostName } from "./rule/hostname";
import { isKnown } from "./unknown";

/** What a program says of records, with the names of machines in the place of these. */
export interface DnsInputs {
  zone?: string;
  domain?: string;
  ttl?: number;
  private?: boolean;
  reverse?: boolean;
  /** `key`: of an object, or the place in a list. */
  names: { key: string | number; name: string }[];
}

const LONGEST = 253;

const domain = text({
  allowed: "be a domain in lower case without a final dot, such as example.org",
  max: LONGEST,
  test: (value) => isHostName(value) && value.includes("."),
});

const hostName = text({
  allowed: "be a host name: lower-case letters, digits, inner hyphens and dots; or @ for the domain itself",
  max: LONGEST,
  test: (value) => value === APEX || isHostName(value),
});

const names: Reader<DnsInputs["names"]> = orUnknown((value, place) =>
  (value as DnsInputs["names"]).map(({ key, name }) => ({ key, name: hostName(name, at(place, key)) })),
);

const read = object<DnsInputs>({
  zone: optional(domain),
  domain: optional(domain),
  // Hetzner's bounds; RFC 2181, section 8, has the upper one for everybody.
  ttl: optional(integer(60, 2147483647)),
  private: optional(flag),
  reverse: optional(flag),
  names: required(names),
});

const at = (place: Place, key: string | number): Place =>
  typeof key === "number" ? place.index(key) : place.key(String(key));

/** What is wrong with the arguments of `DnsRecords`, all of it. Unknowns pass. */
export function dnsProblems(inputs: object): Problem[] {
  const place = Place.root();
  const value = read(inputs, place);
  if ((value.zone === undefined) === (value.domain === undefined))
    place
      .key("zone")
      .refuse("give either `zone`, for records at Hetzner, or `domain`, for the text of a zone file elsewhere");
  nameRelations(value, place);
  return place.problems.map(({ path, message }) => ({ path: path.replace(/^names\b/, "machines"), message }));
}

/** Two names that are one, and names that DNS has no room for. */
function nameRelations({ zone, domain: elsewhere, names: all }: DnsInputs, place: Place): void {
  const within = zone ?? elsewhere;
  if (!isKnown(within)) return;
  const seen = new Map<string, string>();
  for (const { key, name } of all) {
    if (!isKnown(name)) continue;
    const spot = at(place.key("names"), key);
    const whole = wholeName(name, within);
    const other = seen.get(whole);
    if (other !== undefined)
      spot.refuse(
        `${whole} is the name of ${other} already; give the machines as an object, each with a name of its own`,
      );
    else if (whole.length > LONGEST)
      spot.refuse(`${whole.slice(0, 60)}… has ${whole.length} characters, ${LONGEST} are allowed`);
    seen.set(whole, seen.get(whole) ?? spot.path.replace(/^names\b/, "machines"));
  }
}
