import type { CommonArgs } from "../model/args";
import { sessionOf } from "../remote/sessions";
import { shown } from "./failure";
import type { Kind } from "./kind";
import { show } from "./progress";
import { argsOf, type Properties } from "./state";
import { targetOf } from "./target-of";

/** Takes back what the resource did. Doing it again does nothing. */
export async function remove<A extends CommonArgs>(kind: Kind<A>, properties: Properties): Promise<void> {
  try {
    const args = argsOf(kind, properties);
    const session = sessionOf(targetOf(args.connection, args.credentials));
    const report = await session.apply(kind.removal(args), { progress: (text) => show(args.ownUrn, text) });
    if (report.failure !== undefined) throw report.failure;
  } catch (error) {
    throw shown(error, properties);
  }
}
