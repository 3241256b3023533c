import { createHash } from "node:crypto";

/** JSON with sorted keys and without `undefined`, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1));
    // Without a prototype, a key named __proto__ stays a key.
    const sorted = Object.create(null) as Record<string, unknown>;
    for (const [name, item] of entries) sorted[name] = item;
    return sorted;
  });
}

/** 16 hexadecimal digits of the SHA-256 of a text, or of the canonical JSON of anything else. Never for secrets. */
export function digest(value: unknown): string {
  const text = typeof value === "string" ? value : canonicalJson(value);
  return createHash("sha256").update(text, "utf8").digest("hex").slice(0, 16);
}
