import type { Fault } from "./fault";

/** The faults waiting for their request; not kept over a restart. */
export class Faults {
  private waiting: Fault[] = [];

  add(fault: Fault): void {
    this.waiting.push(fault);
  }

  clear(): void {
    this.waiting = [];
  }

  all(): Fault[] {
    return this.waiting;
  }

  /** The first fault that this request meets; its count goes down. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.waiting.find(({ match }) => (match.method ?? method) === method && matches(match.path, path));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.waiting = this.waiting.filter((other) => other !== fault);
    return fault;
  }
}

function matches(pattern: string, path: string): boolean {
  const given = path.split("/");
  const wanted = pattern.split("/");
  const open = wanted.at(-1) === "**";
  if (open) wanted.pop();
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === "*" || segment === given[index]);
}
