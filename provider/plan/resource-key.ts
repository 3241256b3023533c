import { createHash } from "node:crypto";

/**
 * Name of a resource's folder under owners/ on the host. The object's own name is in it, so that a replacement that is
 * made before the old one is deleted has a folder of its own.
 *
 * @param object `bridge/br0`, `machine/web`
 */
export function resourceKey(owner: string, object: string): string {
  return createHash("sha256").update(`${owner}\n${object}`, "utf8").digest("hex").slice(0, 24);
}
