import type { Fields } from "../http/fields";

export function readPort(fields: Fields, name: string): number | undefined {
  return fields.integer(name, { min: 1, max: 65535 });
}
