import { readFileSync } from "node:fs";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since boot, field 22 of /proc/PID/stat. */
  start: string;
  /** /proc/sys/kernel/random/boot_id: pids and ticks begin anew with each boot. */
  bootId: string;
}

function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

export function parentOf(pid: number): number | undefined {
  const fields = stat(pid);
  return fields ? Number(fields[1]) : undefined;
}

export function identify(pid: number): ProcessIdentity | undefined {
  const start = stat(pid)?.[19];
  return start === undefined ? undefined : { pid, start, bootId: bootId() };
}

/** Alive, not a zombie, and the same process. */
export function isAlive(process: ProcessIdentity): boolean {
  const fields = stat(process.pid);
  return fields !== undefined && fields[0] !== "Z" && fields[19] === process.start && process.bootId === bootId();
}
