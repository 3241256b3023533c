/** What the engine calls, by the names that stored state has: the handlers, and what `check` refuses as the program has it. */
import { withCode } from "../errors";
import { asWritten } from "../model/written";
import type { CheckResult } from "./check";
import * as handlers from "./index";
import type { Properties } from "./state";

interface Checks {
  check(olds: Properties, news: Properties): Promise<CheckResult>;
}

function shownTo<H extends Checks>(type: string, of: H): H {
  const check = async (olds: Properties, news: Properties): Promise<CheckResult> => {
    const { inputs, failures } = await of.check(olds, news);
    const problems = failures.map(({ property, reason }) => ({ path: property, message: reason }));
    return { inputs, failures: asWritten(type, news, problems).map(asCheckFailure) };
  };
  return { ...of, check };
}

/** The engine prints the value of a property that it is told, `{<nil>}` for each that is not at the top: it is told none. */
function asCheckFailure({ path, message }: { path: string; message: string }): { property: string; reason: string } {
  return { property: "", reason: withCode("NSPAWN_INVALID_INPUT", `${path}: ${message}`) };
}

export const { hostKey } = handlers;
export const nspawnHost = shownTo("NspawnHost", handlers.nspawnHost);
export const bridgeNetwork = shownTo("BridgeNetwork", handlers.bridgeNetwork);
export const floatingIp = shownTo("FloatingIp", handlers.floatingIp);
export const machineImage = shownTo("MachineImage", handlers.machineImage);
export const nspawnMachine = shownTo("NspawnMachine", handlers.nspawnMachine);
