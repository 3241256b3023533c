import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A directory, which need not exist yet, and the MiB that will be written there. */
export interface DiskNeed {
  directory: string;
  mebibytes: number;
}

/** What is short, in words, or undefined when every file system has the space that its directories need together. */
export function diskShortage(needs: readonly DiskNeed[]): string | undefined {
  const disks = new Map<number, { at: string; need: number; free: number; directories: string[] }>();
  for (const { directory, mebibytes } of needs) {
    const at = existing(directory);
    const { bavail, bsize } = statfsSync(at);
    const disk = disks.get(statSync(at).dev) ?? { at, need: 0, free: (bavail * bsize) / 2 ** 20, directories: [] };
    disk.need += mebibytes;
    disk.directories.push(directory);
    disks.set(statSync(at).dev, disk);
  }
  const short = [...disks.values()].filter(({ need, free }) => free < need);
  if (short.length === 0) return undefined;
  return short.map(words).join("; ");
}

function words({ need, free, directories }: { need: number; free: number; directories: string[] }): string {
  const places = [...new Set(directories)].join(", ");
  return `the disk of ${places} has ${free.toFixed(0)} MiB free, the build needs ${need.toFixed(0)} MiB; free some or point GOCACHE, GOMODCACHE and PULUMI_NSPAWN_CACHE at a larger disk`;
}

function existing(directory: string): string {
  return existsSync(directory) ? directory : existing(dirname(directory));
}
