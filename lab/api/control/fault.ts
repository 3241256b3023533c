import type { ActionFault } from "../http/action-fault";

/** One thing that goes wrong on request. */
export interface Fault {
  match: {
    /** Any method when absent. */
    method?: string;
    /** Below /v1; `*` stands for one segment, a last `**` for all that follow. */
    path: string;
  };
  /** How many requests it still hits. */
  times: number;
  /** Answer with this status instead of doing what was asked. */
  status?: number;
  /** Error code of that answer; without it the answer has no body. */
  code?: string;
  message?: string;
  /** Do what was asked, and let the actions started by it fail. */
  actionError?: ActionFault;
  /** Wait before all else, in milliseconds. */
  delayMs?: number;
  /** Close the connection, before or after doing what was asked. */
  drop?: "before" | "after";
}
