/** Reads a record's value, as zone files write it, into what dns-packet encodes. Undefined: not understood. */
type ReadData = (words: string[], origin: string) => unknown;

const nameOf = (text = "", origin: string): string => {
  if (text === "@") return origin;
  return text.endsWith(".") ? text.slice(0, -1) : `${text}.${origin}`;
};
const oneName: ReadData = ([name], origin) => nameOf(name, origin);

const readers: Record<string, ReadData> = {
  A: ([address]) => address,
  AAAA: ([address]) => address,
  CNAME: oneName,
  NS: oneName,
  PTR: oneName,
  MX: ([preference, exchange], origin) => ({ preference: Number(preference), exchange: nameOf(exchange, origin) }),
  SRV: ([priority, weight, port, target], origin) => ({
    priority: Number(priority),
    weight: Number(weight),
    port: Number(port),
    target: nameOf(target, origin),
  }),
  CAA: ([flags, tag, value]) => ({ flags: Number(flags), tag, value }),
  TXT: (strings) => strings,
  SOA: ([mname, rname, serial, refresh, retry, expire, minimum], origin) => ({
    mname: nameOf(mname, origin),
    rname: nameOf(rname, origin),
    serial: Number(serial),
    refresh: Number(refresh),
    retry: Number(retry),
    expire: Number(expire),
    minimum: Number(minimum),
  }),
};

/** The value of a record of a zone at `origin`; undefined for types that the lab's name servers do not know. */
export function recordData(type: string, value: string, origin: string): unknown {
  return readers[type]?.(wordsOf(value), origin);
}

/** Words, and texts in quotes with `\"` and `\\` in them. */
function wordsOf(value: string): string[] {
  const words = value.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word));
}
