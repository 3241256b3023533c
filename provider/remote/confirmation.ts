import { planAwaitApplied, planConfirm } from "../plan/plan-confirm";
import type { Program } from "../plan/program";
import type { Call } from "./call";
import { runOnChannel } from "./channel";
import { connect } from "./connect";
import type { Report } from "./report";
import { hangUp } from "./ssh/watch";
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
export function confirm(target: Target, pending: Pending): Promise<Report> {
  pending.progress("confirming the change over a new connection");
  return overNewConnection(target, planConfirm(pending.key), pending);
}

/** The same for who lost the connection on which the host would have asked: only when the change stands, a new one proves something. */
export async function confirmUnasked(target: Target, pending: Pending): Promise<Report> {
  pending.progress("the connection was lost; waiting until the host asks for a new one");
  const { failure } = await overNewConnection(target, planAwaitApplied(pending.key), pending);
  if (failure !== undefined) throw failure;
  return confirm(target, pending);
}

async function overNewConnection(target: Target, program: Program, { call, progress }: Pending): Promise<Report> {
  const client = await connect(target, { seconds: call.window, newServer: false, progress });
  try {
    trace("roundTrips", { host: target.host, steps: program.steps.length });
    return await runOnChannel(client, { login: target, program, call, progress });
  } finally {
    hangUp(client);
  }
}
