import { LabError } from "../core/lab-error";

/** The SHA-256 that a Debian (In)Release file gives for one of its files (https://wiki.debian.org/DebianRepository/Format). */
export function indexEntry(release: string, path: string): string {
  const section = /^SHA256:\n((?: .*\n)+)/m.exec(release)?.[1] ?? "";
  for (const line of section.split("\n")) {
    const [hash, , name] = line.trim().split(/\s+/);
    if (name === path && hash) return hash;
  }
  throw new LabError(`the mirror's signed index names no ${path}`);
}
