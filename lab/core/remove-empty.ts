import { rmdirSync } from "node:fs";

/**
 * Removes the labs' folder when nothing is in it any more, and then the mount point of the labs' namespaces; `ip netns`
 * makes that anew where it is needed.
 */
export function removeEmpty(labsDir: string): void {
  if (removeIfEmpty(labsDir)) removeIfEmpty("/run/netns");
}

/** False when something is in it: another lab, or the machine's own namespaces. */
function removeIfEmpty(dir: string): boolean {
  try {
    rmdirSync(dir);
    return true;
  } catch {
    return false;
  }
}
