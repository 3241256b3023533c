import { planConfirm } from "../plan/plan-confirm";
import type { Call } from "./call";
import { runOnChannel } from "./channel";
import { connect } from "./connect";
import type { Report } from "./report";
import type { Target } from "./target";
import { trace } from "./trace";

/** A change that waits for its confirmation. */
export interface Pending {
  /** The resource's key on the host. */
  key: string;
  call: Call;
  progress: (text: string) => void;
}

/**
 * Confirms a change over a new TCP connection, because one that was open before the change proves nothing: it passes
 * filters and routes that a new one does not. Answers with the facts of the resource as they are then.
 */
export async function confirm(target: Target, { key, call, progress }: Pending): Promise<Report> {
  progress("confirming the change over a new connection");
  const client = await connect(target, { seconds: call.window, newServer: false, progress });
  try {
    trace("roundTrips", { host: target.host, steps: 2 });
    return await runOnChannel(client, { host: target.host, program: planConfirm(key), call, progress });
  } finally {
    client.end();
  }
}
