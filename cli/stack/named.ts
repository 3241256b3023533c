import { CliError } from "../cli-error";
import type { Machine } from "./machines";

/** The machines of a name; of several stacks there may be several. */
export function named(machines: Machine[], name: string): Machine[] {
  const found = machines.filter((machine) => machine.name === name);
  if (found.length > 0) return found;
  const known = machines.map((machine) => machine.name).join(", ") || "none";
  throw new CliError(`there is no machine ${JSON.stringify(name)} in this stack; there are: ${known}`, 2);
}

/** The one machine of a name. */
export function theOne(machines: Machine[], name: string): Machine {
  const found = named(machines, name);
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  const stacks = found.map(({ stack }) => stack).join(", ");
  throw new CliError(
    `several stacks have a machine ${JSON.stringify(name)}; choose one of them with --stack: ${stacks}`,
    2,
  );
}
