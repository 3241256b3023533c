import { appendFileSync } from "node:fs";

interface Counters {
  connections: number;
  roundTrips: number;
}

/** TCP connections and programs sent by this process, for the bench and for tests. */
export const counters: Counters = { connections: 0, roundTrips: 0 };

/** Counts an event, and appends it as one JSON line to the file that `NSPAWN_TRACE_FILE` names. Never secrets. */
export function trace(event: keyof Counters, detail: Record<string, string | number>): void {
  counters[event] += 1;
  const file = process.env.NSPAWN_TRACE_FILE;
  if (file === undefined || file === "") return;
  appendFileSync(file, `${JSON.stringify({ event, pid: process.pid, at: Date.now(), ...detail })}\n`);
}
