/** All texts inside a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value !== null && typeof value === "object") return Object.values(value).flatMap(textsOf);
  return [];
}

/** The forms in which a text may stand in a message. */
function formsOf(secret: string): string[] {
  const lines = secret.split("\n").filter((line) => line.length >= 32 && !line.startsWith("-----"));
  return [secret, ...lines].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text, "utf8").toString("base64"),
    text.replaceAll("'", "'\\''"),
  ]);
}

/** Replaces every form of every secret in a message. Texts of less than four characters would hide half the message. */
export function redact(message: string, secrets: unknown[]): string {
  const forms = secrets.flatMap(textsOf).filter((secret) => secret.length >= 4);
  const longestFirst = [...new Set(forms.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((text, form) => text.replaceAll(form, "[secret]"), message);
}
