import { createHash } from "node:crypto";
import { Address6 } from "ip-address";
import { networkText, parseNetwork } from "./cidr";

const DOMAIN = "pulumi-nspawn/ula/1";

/** A bridge's own /64 of unique local addresses, RFC 4193: a function of its host and its name, so that no two meet by accident. */
export function uniqueLocal(host: string, bridge: string): string {
  const hash = createHash("sha256").update([DOMAIN, host, bridge].join("\0"), "utf8").digest("hex");
  const first = BigInt(`0xfd${hash.slice(0, 14)}`) << 64n;
  const network = parseNetwork(`${Address6.fromBigInt(first).correctForm()}/64`);
  if (typeof network === "string") throw new Error(network);
  return networkText(network);
}
