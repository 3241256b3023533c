import type { CommonArgs } from "../model/args";
import { sessionOf } from "../remote/sessions";
import { forgetOrThrow, forgetPatience } from "./forget";
import type { Kind } from "./kind";
import { show } from "./progress";
import { argsOf, type Properties } from "./state";
import { targetOf } from "./target-of";

async function released<A extends CommonArgs>(kind: Kind<A>, args: A): Promise<void> {
  const session = sessionOf(targetOf(args.connection, args.credentials));
  const patience = args.connection.forgetUnreachable === true ? forgetPatience : undefined;
  const report = await session.apply(kind.removal(args), { patience, progress: (text) => show(args.ownUrn, text) });
  if (report.failure !== undefined) throw report.failure;
}

/** Takes back what the resource did. Doing it again does nothing. */
export async function remove<A extends CommonArgs>(kind: Kind<A>, properties: Properties): Promise<void> {
  const args = argsOf(kind, properties);
  await released(kind, args).catch((error: unknown) => forgetOrThrow(error, args));
}
