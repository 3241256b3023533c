import type { CommonArgs } from "../model/args";
import { canonicalJson } from "../model/digest";
import type { CallOptions, Session } from "../remote/session";
import { sessionOf } from "../remote/sessions";
import { hostDiffers } from "./diff";
import { ensure } from "./ensure";
import { initializationFailure } from "./failure";
import type { Kind } from "./kind";
import { argsOf, defined, argumentProperties, type Properties } from "./state";
import { targetOf } from "./target-of";

/** How to connect, and who asks: a change of these alone rewrites state and needs no host. */
const stateOnly = [
  "connection",
  "credentials",
  "ownUrn",
  "rotation",
  "bootHostKey",
  "ownIpv4",
  "secretFiles",
  "fleet",
  "stateVersion",
  "onDelete",
  "adopt",
];

/** Whether an update has to reach the host, or rewrites state alone. */
export function touchesHost<A extends CommonArgs>(kind: Kind<A>, olds: Properties, news: Properties): boolean {
  if (hostDiffers(olds, news)) return true;
  const before = argsOf(kind, olds) as unknown as Properties;
  const after = argsOf(kind, news) as unknown as Properties;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !stateOnly.includes(name),
  );
  return names.some((name) => canonicalJson(before[name]) !== canonicalJson(after[name]));
}

function keptOutputs<A extends CommonArgs>(kind: Kind<A>, olds: Properties, news: Properties): Properties {
  const kept = ["applied", ...kind.outputNames].filter((name) => olds[name] !== undefined);
  return defined({
    ...argumentProperties(kind, argsOf(kind, news)),
    secretFiles: undefined,
    ...Object.fromEntries(kept.map((name) => [name, olds[name]])),
  });
}

/** As every change does. */
export function usual({ connection, credentials }: CommonArgs): HostAccess {
  return { session: sessionOf(targetOf(connection, credentials)), options: {} };
}

/** How an update reaches the host. */
export interface HostAccess {
  session: Session;
  options: CallOptions;
}

/** Brings the resource to the new arguments, or back to the old ones after a change by hand: the same program. */
export async function update<A extends CommonArgs>(
  kind: Kind<A>,
  id: string,
  olds: Properties,
  news: Properties,
  accessTo: (args: A) => HostAccess | Promise<HostAccess> = usual,
): Promise<{ outs: Properties }> {
  const args = argsOf(kind, news);
  if (!touchesHost(kind, olds, news)) return { outs: keptOutputs(kind, olds, news) };
  const { session, options } = await accessTo(args);
  const previous = { owner: olds.owner as string | undefined, first: false };
  const { outputs, failure } = await ensure(
    kind,
    args,
    session,
    kind.plan(args, kind.desired(args), previous),
    options,
  );
  if (failure === undefined) return { outs: outputs };
  // Whose it is on the host nobody knows then. Of two names the host finds the one that it has, if it is told the older.
  const kept = { ...outputs, owner: olds.owner ?? outputs.owner };
  throw initializationFailure(failure, { id, outputs: kept, inputs: news });
}
