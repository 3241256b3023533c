import type { MachineArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { provisionParts, userParts } from "../model/provision-parts";

/** What a host says of a part whose present content was the last that was done. */
const applied = "applied";

/** What a machine that runs was made by its own root: by name only, because contents may be secret, and stand in the arguments. */
export function provisionFacts(args: MachineArgs): Record<string, Fact | undefined> {
  return { users: facts(userParts(args), 5), provision: facts(provisionParts(args), 0) };
}

/** @param from where the name that is shown begins */
function facts(parts: { name: string }[], from: number): Fact | undefined {
  return parts.length === 0 ? undefined : Object.fromEntries(parts.map(({ name }) => [name.slice(from), applied]));
}
