import type { Clock } from "./clock";
import { systemClock } from "./system-clock";

/** What the daemon may choose. Those marked "live" can be changed while the API runs, by `PATCH /_lab/options`. */
export interface ApiOptions {
  /** The one token that is let in: exactly 64 characters, as Hetzner's are. */
  token: string;
  /** Time that every action takes beyond the backend's own work, in milliseconds. Live. */
  actionDelayMs: number;
  /** Size of the rate limit's bucket, in requests. Live. */
  rateLimit: number;
  /** How fast the bucket fills, in requests per second. Hetzner: 1. The lab's default is 100, so that a long test run is not throttled. Live. */
  rateRefillPerSecond: number;
  /** Largest page of a list. Hetzner: 50. Live. */
  maxPerPage: number;
  /** Refuse to assign a floating IP that is assigned (`floating_ip_assigned`), as the document says; Hetzner's own clients rely on the contrary. Live. */
  strictAssign: boolean;
  /** Refuse to assign a floating IP to a server without a primary IP of the same family. Live. */
  floatingNeedsPrimary: boolean;
  /** How long a graceful reboot waits for the guest before the power is cut, in milliseconds. Live. */
  rebootGraceMs: number;
  clock: Clock;
}

type Defaults = Omit<ApiOptions, "token">;

export const defaultOptions: Defaults = {
  actionDelayMs: 200,
  rateLimit: 3600,
  rateRefillPerSecond: 100,
  maxPerPage: 50,
  strictAssign: false,
  floatingNeedsPrimary: true,
  rebootGraceMs: 60_000,
  clock: systemClock,
};
