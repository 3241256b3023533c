import { readFileSync, readdirSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  command: string[];
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // `PID (COMM) STATE PPID …`; the name may hold anything, so the last bracket counts.
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return [{ pid: Number(pid), parent, command }];
      } catch {
        return []; // ended meanwhile
      }
    });
}

/** All that a process started, directly or not. */
export function descendants(pid: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((entry) => entry.parent === parent).flatMap((entry) => [entry, ...below(entry.pid)]);
  return below(pid);
}

/** The engine among what a process started. */
export function engineBelow(pid: number): number {
  return only(
    descendants(pid).filter(({ command }) => /(^|\/)pulumi$/.test(command[0] ?? "")),
    "engine",
  );
}

/** The process in which our handlers run. */
export function providerBelow(pid: number): number {
  return only(
    descendants(pid).filter(({ command }) => command.some((word) => /cmd\/dynamic-provider/.test(word))),
    "provider process",
  );
}

function only(found: Process[], what: string): number {
  if (found.length === 1) return found[0]!.pid;
  const shown = found.map(({ pid, command }) => `${pid} ${command.join(" ")}`).join("; ");
  throw new Error(`expected one ${what}, found ${found.length}: ${shown}`);
}
