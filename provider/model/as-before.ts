import { isUnknown } from "./unknown";

/** `value`, where what a preview does not know yet is as it was before, so far as there was anything. */
export function asBefore<T>(value: T, before: unknown): T {
  return filled(value, before) as T;
}

function filled(value: unknown, before: unknown): unknown {
  if (isUnknown(value)) return before ?? value;
  if (Array.isArray(value)) {
    // Of a list that has grown or shrunk nobody can say which entry was which.
    const same = Array.isArray(before) && before.length === value.length ? (before as unknown[]) : [];
    return value.map((entry, index) => filled(entry, same[index]));
  }
  if (typeof value !== "object" || value === null) return value;
  const old = (typeof before === "object" && before !== null ? before : {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, filled(entry, old[name])]));
}
