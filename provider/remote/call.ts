import { randomBytes } from "node:crypto";

/** What belongs to one sending of a program, and not to the program. */
export interface Call {
  /** Milliseconds since 1970: the host refuses what was issued before the newest that it carried out. */
  issued: number;
  /** Only who knows it can confirm the change. */
  token: string;
  /** Seconds within which a new connection has to confirm a change. */
  window: number;
  /** Seconds to wait while somebody else changes the host. */
  patience: number;
}

/** Seconds that an environment variable says: for tests, which cannot wait as long as people should. */
function seconds(name: string): number | undefined {
  const value = Number(process.env[name]);
  return Number.isInteger(value) && value > 0 && value <= 3600 ? value : undefined;
}

/** @param window seconds, `confirmWithin` of the host. Default 90. */
export function newCall(window = 90): Call {
  return {
    issued: Date.now(),
    token: randomBytes(16).toString("hex"),
    window: seconds("NSPAWN_CONFIRM_WITHIN") ?? window,
    patience: seconds("NSPAWN_LOCK_WITHIN") ?? 120,
  };
}
