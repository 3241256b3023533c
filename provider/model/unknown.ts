/** What `check` receives in a preview for a value that is not known yet (the engine's wire form for dynamic providers). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): value is typeof UNKNOWN {
  return value === UNKNOWN;
}

/** Whether the value is there, and known. */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !isUnknown(value);
}

/** Whether the value or anything inside it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(hasUnknown);
  return false;
}
