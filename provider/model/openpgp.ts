/** What an armored block can hold here, and the tag of the packet that it begins with (RFC 9580, 4.3). */
const FIRST = { "PUBLIC KEY BLOCK": 6, SIGNATURE: 2 } as const;
const SECRET_KEYS = [5, 7];

export type Block = keyof typeof FIRST;

/**
 * The packets of an OpenPGP text in ASCII armor (RFC 9580, 6.2), or why it is none. One block, whole, of this kind; its
 * checksum is compared where it has one.
 */
export function dearmor(text: string, block: Block): Buffer | string {
  if (text.includes("PRIVATE KEY BLOCK")) return "this is a private key, the public one is needed";
  const lines = text.trim().split(/\r?\n/);
  const [begin, end] = [lines.shift(), lines.pop()];
  if (begin !== `-----BEGIN PGP ${block}-----` || end !== `-----END PGP ${block}-----`)
    return `it does not begin and end with the lines of a PGP ${block.toLowerCase()}`;
  if (!lines.every(isArmorLine)) return "a line of it is not armor";
  const packets = packetsOf(lines.slice(lines.indexOf("") + 1));
  return typeof packets === "string" ? packets : (ofKind(packets, block) ?? packets);
}

/** The data of an armored block, which ends with its checksum or has none. */
function packetsOf(body: string[]): Buffer | string {
  const sum = body.at(-1)?.startsWith("=") ? body.pop()!.slice(1) : undefined;
  const bytes = Buffer.from(body.join(""), "base64");
  if (bytes.toString("base64") !== body.join("")) return "its data is not base64 text";
  if (sum !== undefined && checksum(bytes) !== sum) return "its data is damaged: the checksum differs";
  return bytes;
}

/** A header, the empty line after the headers, data, or the checksum. */
function isArmorLine(line: string): boolean {
  return /^(?:[A-Za-z]+: [ -~]*|[A-Za-z0-9+/]{1,76}={0,2}|=[A-Za-z0-9+/]{4}|)$/.test(line);
}

function ofKind(bytes: Buffer, block: Block): string | undefined {
  const tags = packetTags(bytes);
  if (tags === undefined || tags.length === 0) return "its data is truncated or damaged";
  if (tags.some((tag) => SECRET_KEYS.includes(tag))) return "this is a private key, the public one is needed";
  return tags[0] === FIRST[block] ? undefined : `its data is not that of a PGP ${block.toLowerCase()}`;
}

/** The tags of all packets, or `undefined` where they do not fill the data exactly. */
function packetTags(bytes: Buffer): number[] | undefined {
  const tags: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes[at]!;
    const length = (head & 0x80) === 0 ? undefined : (head & 0x40) === 0 ? oldLength(bytes, at) : newLength(bytes, at);
    if (length === undefined || at + length > bytes.length) return undefined;
    tags.push((head & 0x40) === 0 ? (head >> 2) & 15 : head & 63);
    at += length;
  }
  return tags;
}

/** Bytes of a whole packet with a header of the old form. */
function oldLength(bytes: Buffer, at: number): number | undefined {
  const size = [1, 2, 4][bytes[at]! & 3];
  if (size === undefined || at + 1 + size > bytes.length) return undefined;
  return 1 + size + bytes.readUIntBE(at + 1, size);
}

/** Bytes of a whole packet with a header of the new form. Partial lengths are for data only. */
function newLength(bytes: Buffer, at: number): number | undefined {
  const first = bytes[at + 1] ?? 224;
  if (first < 192) return 2 + first;
  if (first < 224) return at + 3 > bytes.length ? undefined : 3 + ((first - 192) << 8) + bytes[at + 2]! + 192;
  return first === 255 && at + 6 <= bytes.length ? 6 + bytes.readUInt32BE(at + 2) : undefined;
}

/** CRC-24 of RFC 9580, 6.1, as armor writes it. */
function checksum(bytes: Buffer): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : crc << 1;
  }
  return Buffer.from([crc >> 16, (crc >> 8) & 255, crc & 255]).toString("base64");
}
