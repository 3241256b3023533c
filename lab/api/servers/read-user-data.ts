import type { Fields } from "../http/fields";

/** Hetzner's limit: 32 KiB. */
const USER_DATA_BYTES = 32768;

export function readUserData(fields: Fields): string {
  const text = fields.string("user_data") ?? "";
  const size = Buffer.byteLength(text);
  if (size > USER_DATA_BYTES) fields.reject("user_data", `has ${size} bytes, ${USER_DATA_BYTES} are allowed`);
  return text;
}
