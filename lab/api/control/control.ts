import type { RateLimit } from "../http/rate-limit";
import type { Faults } from "./faults";
import type { RequestLog } from "./request-log";

/** What the routes under /_lab steer. */
export interface Control {
  faults: Faults;
  log: RequestLog;
  rateLimit: RateLimit;
}
