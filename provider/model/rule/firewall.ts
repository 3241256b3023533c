import { Address4 } from "ip-address";
import type { FirewallRuleArgs } from "../args";
import { canonicalIPv4 } from "../address";
import { parseNetwork } from "../cidr";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import type { Place } from "../read/place";
import { orUnknown } from "../read/reader";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";
import { isUnknown } from "../unknown";

const network = text({
  allowed: 'be a network in CIDR form, such as "198.51.100.0/24" or "::/0" for everybody',
  test: (value) => {
    if (value.includes(":")) {
      const parsed = parseNetwork(value);
      return typeof parsed === "string" ? parsed : true;
    }
    const [, address = "", length] = /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(value) ?? [];
    if (canonicalIPv4(address) === undefined) return false;
    const first = new Address4(value).startAddress().correctForm();
    return first === address ? true : `host bits are set, the network is ${first}/${length}`;
  },
});

const networks = list(network, { min: 1, twice: "is listed" });

const port = text({
  allowed: 'be a port, a range such as "80-85", or "any"',
  test: (value) => {
    if (value === "any") return true;
    const [, first, last = first] = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(value) ?? [];
    return first !== undefined && Number(first) <= Number(last) && Number(last) <= 65535;
  },
});

const rule = object<FirewallRuleArgs>({
  direction: required(oneOf(["in", "out"])),
  protocol: required(oneOf(["tcp", "udp", "icmp", "esp", "gre"])),
  port: optional(port),
  sources: optional(networks),
  destinations: optional(networks),
});

function ruleRelations(rule: FirewallRuleArgs, at: Place): void {
  if (isUnknown(rule.direction) || isUnknown(rule.protocol)) return;
  endRelations(rule, at);
  portRelation(rule, at);
}

function endRelations({ direction, sources, destinations }: FirewallRuleArgs, at: Place): void {
  const ends = { sources, destinations };
  const [needed, foreign] =
    direction === "in" ? (["sources", "destinations"] as const) : (["destinations", "sources"] as const);
  if (ends[needed] === undefined)
    at.key(needed).refuse(`is required with direction "${direction}": ["0.0.0.0/0", "::/0"] is everybody`);
  if (ends[foreign] !== undefined) at.key(foreign).refuse(`has no effect with direction "${direction}"`);
}

function portRelation({ protocol, port: given }: FirewallRuleArgs, at: Place): void {
  const hasPorts = protocol === "tcp" || protocol === "udp";
  if (hasPorts && given === undefined) at.key("port").refuse(`is required with protocol "${protocol}"; "any" is all`);
  if (!hasPorts && given !== undefined) at.key("port").refuse(`has no effect with protocol "${protocol}"`);
}

const rules = list(rule, { max: 100 });

/** Rules of a machine's firewall, with the field names and the meaning of Hetzner's own. */
export const firewall = orUnknown<FirewallRuleArgs[]>((value, place) => {
  const read = rules(value, place);
  if (!Array.isArray(read)) return read;
  read.forEach((one, index) => {
    if (!isUnknown(one)) ruleRelations(one, place.index(index));
  });
  return read;
});
