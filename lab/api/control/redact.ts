const SECRET = new Set(["user_data", "root_password", "password", "private_key", "token"]);

/** A copy without the values of fields that hold secrets. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET.has(key) ? "(redacted)" : redact(inner)]),
  );
}
