import { addressRange, rangeWithin, type AddressRange } from "../../model/address-range";
import type { Match } from "./ruleset";

/** A packet of ours, as far as it is known where it is looked at. */
export interface Packet {
  family: "ipv4" | "ipv6" | "arp";
  /** Names of interfaces; one that ends in `*` stands for any that begins so. */
  iif?: string;
  oif?: string;
  protocol?: string;
  /** Of ICMP, of ICMPv6, of ARP. */
  type?: string;
  state?: "new" | "established" | "untracked";
  hops?: string;
  /** To which a packet of UDP goes. */
  port?: string;
  /** An address, `outside` for any that is not private, absent where it could be any. */
  source?: string;
  destination?: string;
}

/** Whether a question takes a packet. */
export type Answer = "yes" | "no" | "perhaps";

/** Words of a family as nft(8) has them for `meta nfproto`, `meta protocol` and `ether type`. */
const familyWords = { ipv4: ["ipv4", "ip"], ipv6: ["ipv6", "ip6"], arp: ["arp"] };

export function answer(match: Match, packet: Packet): Answer {
  if (match === "always") return "yes";
  if (match === "perhaps") return "perhaps";
  const answers = match.values.map((value) => one(match.field, value, packet));
  const found: Answer = answers.includes("yes") ? "yes" : answers.includes("perhaps") ? "perhaps" : "no";
  if (!match.not || found === "perhaps") return found;
  return found === "yes" ? "no" : "yes";
}

function one(field: Exclude<Match, string>["field"], value: string, packet: Packet): Answer {
  if (field === "family") return yes(familyWords[packet.family].includes(value));
  const known = packet[field];
  if (field === "source" || field === "destination") return address(value, known);
  if (field === "iif" || field === "oif") return link(value, known);
  if (field === "protocol" && packet.family === "arp") return "no";
  return known === undefined ? "perhaps" : yes(known === value);
}

const yes = (is: boolean): Answer => (is ? "yes" : "no");

/** Both may be for any interface that begins with something. */
function link(pattern: string, name: string | undefined): Answer {
  // Nothing of ours comes from the host itself.
  if (name === undefined) return pattern === "lo" ? "no" : "perhaps";
  const start = pattern.replace(/\*$/, "");
  if (name.endsWith("*")) {
    const known = name.slice(0, -1);
    if (pattern.endsWith("*")) return known.startsWith(start) ? "yes" : start.startsWith(known) ? "perhaps" : "no";
    return pattern.startsWith(known) ? "perhaps" : "no";
  }
  return yes(pattern.endsWith("*") ? name.startsWith(start) : name === pattern);
}

/** Ranges from which nobody outside can come. */
const inside = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16"],
  ...["fc00::/7", "fe80::/10", "::1/128"],
].flatMap((text) => addressRange(text) ?? []);

function address(network: string, known: string | undefined): Answer {
  const range = parsed(network);
  if (known === undefined || range === undefined) return "perhaps";
  if (range.subnetMask === 0) return "yes";
  if (known !== "outside") {
    const own = parsed(known);
    return own === undefined ? "perhaps" : yes(rangeWithin(own, range));
  }
  return inside.some((each) => rangeWithin(range, each)) ? "no" : "perhaps";
}

/** Lists of addresses are long, and the same for each packet. */
const parsedBefore = new Map<string, AddressRange | undefined>();

function parsed(network: string): AddressRange | undefined {
  const known = parsedBefore.get(network);
  if (known !== undefined || parsedBefore.has(network)) return known;
  if (parsedBefore.size >= 50_000) parsedBefore.clear();
  const range = addressRange(network);
  parsedBefore.set(network, range);
  return range;
}
