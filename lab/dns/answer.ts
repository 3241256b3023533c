import * as dns from "dns-packet";
import type { RecordSet, Zone } from "./zone";

const codes = { noError: 0, formatError: 1, nameError: 3, notImplemented: 4, refused: 5 };
/** As large as passes everywhere without fragments: DNS flag day 2020. */
const payload = 1232;
/** A chain of aliases that is longer leads in a circle. */
const longestChain = 8;
const transfers: readonly string[] = ["ANY", "AXFR", "IXFR"];

interface Reply {
  code: number;
  authoritative: boolean;
  answers: dns.Answer[];
  authorities: dns.Answer[];
}

const failure = (code: number): Reply => ({ code, authoritative: false, answers: [], authorities: [] });

/** The answer to one message, as an authoritative server of the zones gives it; undefined for what is no question at all. */
export function answerTo(message: Buffer, zones: readonly Zone[]): dns.Packet | undefined {
  if (message.length < 12 || (message[2]! & 0x80) !== 0) return undefined;
  const query = decoded(message);
  if (query === undefined) return packet({ id: message.readUInt16BE(0) }, failure(codes.formatError));
  // The kind of the question; 0 is the usual one.
  if (((message[2]! >> 3) & 0xf) !== 0) return packet(query, failure(codes.notImplemented));
  return packet(query, query.questions?.length === 1 ? lookUp(query.questions[0]!, zones) : failure(codes.formatError));
}

/** How many bytes a datagram of the answer may have. */
export function datagramSize(message: Buffer): number {
  const asked = optionsOf(decoded(message))?.udpPayloadSize ?? 512;
  return Math.min(Math.max(asked, 512), payload);
}

function decoded(message: Buffer): dns.Packet | undefined {
  try {
    const query = dns.decode(message);
    // What is not ASCII would not come back as it came.
    return query.questions?.every(({ name }) => /^[!-~]+$/.test(name)) ? query : undefined;
  } catch {
    return undefined;
  }
}

const optionsOf = (query: dns.Packet | undefined): dns.OptAnswer | undefined =>
  query?.additionals?.find((each): each is dns.OptAnswer => each.type === "OPT");

function packet(query: dns.Packet, { code, authoritative, answers, authorities }: Reply): dns.Packet {
  const flags = (authoritative ? dns.AUTHORITATIVE_ANSWER : 0) | ((query.flags ?? 0) & dns.RECURSION_DESIRED) | code;
  const { id, questions = [] } = query;
  const additionals: dns.Answer[] = optionsOf(query) === undefined ? [] : [options()];
  return { type: "response", id, flags, questions, answers, authorities, additionals };
}

const options = (): dns.OptAnswer =>
  ({ type: "OPT", name: ".", udpPayloadSize: payload, flags: 0, options: [] }) as unknown as dns.OptAnswer;

function lookUp({ name, type, class: kind = "IN" }: dns.Question, zones: readonly Zone[]): Reply {
  const isOurs = kind === "IN" && !transfers.includes(type) && zoneOf(name, zones) !== undefined;
  return isOurs ? found(name, type, zones, longestChain) : failure(codes.refused);
}

/** Follows aliases as far as the zones go; the rest is for the resolver to ask elsewhere. */
function found(name: string, type: dns.RecordType, zones: readonly Zone[], steps: number): Reply {
  const reply: Reply = { code: codes.noError, authoritative: true, answers: [], authorities: [] };
  const zone = zoneOf(name, zones);
  if (zone === undefined || steps === 0) return reply;
  const sets = zone.at(name.toLowerCase());
  const wanted = sets?.find((set) => set.type === type);
  if (wanted !== undefined) return { ...reply, answers: recordsOf(name, wanted) };
  const alias = sets?.find((set) => set.type === "CNAME");
  if (alias === undefined) {
    return { ...reply, code: sets === undefined ? codes.nameError : codes.noError, authorities: negative(zone) };
  }
  const rest = found(String(alias.data[0]), type, zones, steps - 1);
  return { ...rest, answers: [...recordsOf(name, alias), ...rest.answers] };
}

const zoneOf = (name: string, zones: readonly Zone[]): Zone | undefined =>
  zones.find((zone) => zone.holds(name.toLowerCase()));

function recordsOf(name: string, { type, ttl, data }: RecordSet): dns.Answer[] {
  return data.map((each) => ({ name, type, ttl, class: "IN", data: each }) as dns.Answer);
}

/** How long there is nothing: RFC 2308, section 5. */
function negative(zone: Zone): dns.Answer[] {
  const soa = zone.at(zone.origin)?.find(({ type }) => type === "SOA");
  if (soa === undefined) return [];
  const { minimum = soa.ttl } = soa.data[0] as dns.SoaData;
  return recordsOf(zone.origin, { ...soa, ttl: Math.min(soa.ttl, minimum) });
}
