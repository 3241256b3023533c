import { attach, type Attached, type Terminal } from "../provider/remote/attach";
import { targetOf } from "../provider/remote/target-of";
import { CliError } from "./cli-error";
import { configuredKey } from "./stack/configured-key";
import { machinesOf, type Machine } from "./stack/machines";
import { theOne } from "./stack/named";
import { elsewhere, type PlaceOptions } from "./stack/place";
import { readStacks } from "./stack/read-stacks";

/** What somebody types for a machine. */
interface Asked {
  machine: string;
  options: PlaceOptions;
  /** The same command line, for the lab's place `operator`. */
  argv: string[];
  where: Attached["where"];
  words: readonly string[];
  /** At the person's terminal, if there is one. */
  terminal: boolean;
}

/** Runs it by the machine's host, and ends with its exit code; with 125 when it could not be run. */
export async function attached(asked: Asked): Promise<void> {
  try {
    process.exitCode = (await elsewhere(asked.options, asked.argv)) ?? (await here(asked));
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 2) throw error;
    throw new CliError((error as Error).message, 125);
  }
}

async function here({ machine: name, options: { stack }, where, words, terminal }: Asked): Promise<number> {
  const machine = theOne((await readStacks({ stack, secrets: true })).flatMap(machinesOf), name);
  const target = await loginOf(machine);
  const [input, output, errors] = [process.stdin, process.stdout, process.stderr];
  const own = terminal && input.isTTY && output.isTTY ? ownTerminal() : undefined;
  if (own !== undefined) input.setRawMode(true);
  try {
    return await attach(target, { machine: name, where, words }, { input, output, errors, terminal: own });
  } finally {
    if (own !== undefined) input.setRawMode(false);
    input.destroy();
  }
}

const loginOf = async ({ connection, credentials, stack }: Machine): Promise<ReturnType<typeof targetOf>> =>
  targetOf(connection, credentials, await configuredKey(stack));

const ownTerminal = (): Terminal => ({
  name: process.env.TERM || "xterm",
  size: () => ({ rows: process.stdout.rows, cols: process.stdout.columns }),
  resized: (listener) => void process.stdout.on("resize", listener),
});
