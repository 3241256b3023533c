import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LanIpv6 } from "./network/lan";
import type { UplinkMode } from "./network/uplink";
import { LabError } from "./core/lab-error";
import { labDir } from "./core/places";
import { isAlive, type ProcessIdentity } from "./core/process-identity";

/** `lab.json`: how a lab was made and which process holds it. Root only, as the token and the passphrases of `env` are in it. */
export interface LabRecord {
  name: string;
  uplink: UplinkMode;
  leaseSeconds: number;
  lanIpv6?: LanIpv6;
  actionDelayMs: number;
  token: string;
  /** Folders by name of a tree, which the disks of its servers are copied from. */
  images: Record<string, string>;
  /** Folders by suite. */
  mirrors: Record<string, string>;
  /** Below the cgroup v2 root as the holder sees it. */
  cgroup: string;
  createdAt: string;
  /** First process of the lab's PID namespace. */
  holder?: ProcessIdentity;
  /** Variables added by labSetEnv. */
  env: Record<string, string>;
}

const file = (name: string): string => join(labDir(name), "lab.json");

export function readLab(name: string): LabRecord | undefined {
  if (process.getuid?.() !== 0) throw new LabError("labs belong to root: run this as root (sudo)", 4);
  return existsSync(file(name)) ? (JSON.parse(readFileSync(file(name), "utf8")) as LabRecord) : undefined;
}

export function writeLab(record: LabRecord): void {
  writeFileSync(`${file(record.name)}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(`${file(record.name)}.new`, file(record.name));
}

/** The lab and its living holder, or an error that says how to get one. */
export function runningLab(name: string): LabRecord & { holder: ProcessIdentity } {
  const record = readLab(name);
  if (!record) throw new LabError(`there is no lab "${name}"; make it: pulumi-nspawn lab up --name ${name}`, 3);
  const { holder } = record;
  if (!holder || !isAlive(holder))
    throw new LabError(
      `the lab "${name}" does not run (its holder ended); start it again with "lab up", or remove it with "lab down"`,
      3,
    );
  return { ...record, holder };
}
