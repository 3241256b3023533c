import { printable, printableLine } from "../model/read/printable";

/** Characters below which a text is not looked for: it would hide half of every message. */
export const shortest = 4;
/** Of a piece that depends on what stands before the secret. */
const shortestPiece = 6;

/** All forms in which a secret may stand in a message: it as a whole, and each line of it (a key is printed in part). */
export function secretForms(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 8 && !line.startsWith("-----"));
  const forms = [secret, secret.trim(), ...lines].flatMap(formsOf);
  return [...new Set(forms)].filter((form) => form.length >= shortest);
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  const hex = bytes.toString("hex");
  return [
    text,
    printable(text),
    printableLine(text),
    ...json(text),
    ...url(text),
    ...shell(text),
    ...base64(bytes),
    hex,
    hex.toUpperCase(),
  ];
}

/** Once and twice (JSON in a text of JSON), with and without what is not ASCII. */
function json(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const ascii = once.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [once, ascii, JSON.stringify(once).slice(1, -1)];
}

function url(text: string): string[] {
  // Half of a surrogate pair has no such form, and makes encodeURIComponent fail.
  const usual = encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
  const strict = usual.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ a: text }).toString().slice("a=".length);
  const all = [usual, strict, form];
  return [...all, ...all.map((one) => one.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
}

/** In single and in double quotes, and each character for itself, as `printf %q` writes it. */
function shell(text: string): string[] {
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[\\"$`]/g, "\\$&"),
    text.replace(/[^\w@%+=:,./-]/g, "\\$&"),
  ];
}

/** As it is, and as a part of a longer text, where it may begin at each of three bits. */
function base64(bytes: Buffer): string[] {
  const pieces = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const complete = Math.floor((whole.length * 8) / 6);
    return whole.toString("base64").slice(Math.ceil((before * 8) / 6), complete);
  });
  const forms = [bytes.toString("base64"), ...pieces.filter((piece) => piece.length >= shortestPiece)];
  return [...forms, ...forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""))];
}
