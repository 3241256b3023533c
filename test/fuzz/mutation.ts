import fc from "fast-check";

/** One change of some bytes; places are taken modulo the length. */
export type Mutation =
  | { how: "flip"; at: number; byte: number }
  | { how: "delete"; at: number; count: number }
  | { how: "insert"; at: number; bytes: Buffer }
  | { how: "repeat"; at: number; count: number; times: number }
  | { how: "cut"; at: number }
  | { how: "number"; at: number; digits: string };

const place = fc.nat(5000);

/** What numbers are where somebody wants to harm. */
const digits = fc.constantFrom(
  "-1", "0", "00", "1", "1.5", "1e9", "NaN", "Infinity", "0x10", "65536", "65537", "1048577", "2097153", "16777217", "67108865",
  "4294967296", "9007199254740993", "18446744073709551616", "9".repeat(400), "", " 1", "1 ", "+1", "١",
); // prettier-ignore

/** @param pieces what may be inserted */
export function mutations(pieces: readonly (string | Buffer)[]): fc.Arbitrary<Mutation[]> {
  const bytes = fc.oneof(
    fc.constantFrom(...pieces, "\0").map((piece) => Buffer.from(piece)),
    fc.uint8Array({ maxLength: 8 }).map((some) => Buffer.from(some)),
  );
  const one = fc.oneof(
    fc.record({ how: fc.constant("flip" as const), at: place, byte: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ how: fc.constant("delete" as const), at: place, count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ how: fc.constant("insert" as const), at: place, bytes }),
    fc.record({
      how: fc.constant("repeat" as const),
      at: place,
      count: fc.nat(60),
      times: fc.integer({ min: 1, max: 50 }),
    }),
    fc.record({ how: fc.constant("cut" as const), at: place }),
    fc.record({ how: fc.constant("number" as const), at: fc.nat(60), digits }),
  );
  return fc.array(one, { maxLength: 4 });
}

export function mutated(bytes: Buffer, all: readonly Mutation[]): Buffer {
  return all.reduce(changed, bytes);
}

function changed(bytes: Buffer, mutation: Mutation): Buffer {
  const at = bytes.length === 0 ? 0 : mutation.at % bytes.length;
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (mutation.how) {
    case "flip": {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at]! ^= mutation.byte;
      return copy;
    }
    case "delete":
      return Buffer.concat([head, tail.subarray(mutation.count)]);
    case "insert":
      return Buffer.concat([head, mutation.bytes, tail]);
    case "repeat":
      return Buffer.concat([head, ...Array<Buffer>(mutation.times).fill(tail.subarray(0, mutation.count)), tail]);
    case "cut":
      return head;
    case "number":
      return renumbered(bytes, mutation);
  }
}

/** Another number in the place of one that stands there. */
function renumbered(bytes: Buffer, { at, digits: other }: { at: number; digits: string }): Buffer {
  const text = bytes.toString("latin1");
  const numbers = [...text.matchAll(/\d+/g)];
  const chosen = numbers[at % Math.max(1, numbers.length)];
  if (chosen === undefined) return bytes;
  const end = chosen.index + chosen[0].length;
  return Buffer.concat([bytes.subarray(0, chosen.index), Buffer.from(other), bytes.subarray(end)]);
}

/** The bytes in pieces: whole, one by one (the first of many), or cut at any places. */
export function pieces(bytes: Buffer, cuts: readonly number[] | "each"): Buffer[] {
  if (cuts === "each" && bytes.length > 20_000)
    return [...pieces(bytes.subarray(0, 20_000), "each"), bytes.subarray(20_000)];
  if (cuts === "each") return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

export const cuts: fc.Arbitrary<readonly number[] | "each"> = fc.oneof(
  { weight: 4, arbitrary: fc.array(place, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constant("each" as const) },
);
