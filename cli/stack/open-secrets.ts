const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Replaces the engine's wire form of secrets: by their value where the export has it (`--show-secrets`), else by
 * undefined. What this returns stays in memory.
 */
export function openSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openSecrets);
  if (value === null || typeof value !== "object") return value;
  const fields = value as Record<string, unknown>;
  if (fields[signature] === secret) return opened(fields.plaintext);
  return Object.fromEntries(Object.entries(fields).map(([key, entry]) => [key, openSecrets(entry)]));
}

function opened(plaintext: unknown): unknown {
  return typeof plaintext === "string" ? openSecrets(JSON.parse(plaintext)) : undefined;
}
