import { existsSync, readFileSync } from "node:fs";

/** What a trace file (NSPAWN_TRACE_FILE, provider/remote/trace.ts) says, summed up. */
interface Traffic {
  /** Most connections that one provider process opened to one host. */
  connections: number;
  /** Most round trips of one provider process to one host. */
  roundTrips: number;
}

/** No file: nothing was sent. */
export function traffic(file: string): Traffic {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const most: Traffic = { connections: 0, roundTrips: 0 };
  const counts = new Map<string, number>();
  for (const line of lines) {
    const { event, pid, host } = JSON.parse(line) as { event: keyof Traffic; pid: number; host: string };
    const key = `${event} ${pid} ${host}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    most[event] = Math.max(most[event], count);
  }
  return most;
}
