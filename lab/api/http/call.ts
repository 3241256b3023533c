import type { ActionFault } from "./action-fault";

/** One request, as a handler sees it. */
export interface Call {
  method: string;
  /** Path without query, `/v1` included. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** Injected: actions that this request starts end in this error. */
  actionFault?: ActionFault;
}
