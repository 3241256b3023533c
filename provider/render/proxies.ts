import { header } from "./header";

/** A list of the uplink script: one address per line. */
export function proxyList(addresses: readonly string[]): string {
  return header + addresses.map((address) => `${address}\n`).join("");
}
