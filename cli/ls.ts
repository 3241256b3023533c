import { Command } from "commander";
import { printableLine } from "../provider/model/read/printable";
import { lifeOf } from "./ls/life-of";
import { record, table, type Listed } from "./ls/list";
import type { Deployment } from "./stack/deployment";
import { machinesOf } from "./stack/machines";
import { elsewhere, placeFlags, type PlaceOptions } from "./stack/place";
import { readStacks } from "./stack/read-stacks";

const help = `
Reads the state of a stack: with neither --lab nor --stack the one that is selected in the current directory, and
where there is none the lab that runs. Each host is asked once, over SSH, how its machines are; of a host that does not
answer, and with --offline of all, the state of a machine is that of the last \`pulumi up\` or \`refresh\`.

Exit codes: 0 listed; 2 wrong use; 3 the stack or the lab could not be read.`;

/** `pulumi-nspawn ls`: the machines of a stack. */
export function lsCommand(): Command {
  return new Command("ls")
    .description("list the machines of a stack: name, state, uptime, memory, disk, health, IPv4, IPv6, image, host")
    .option("--lab <name>", "the stacks of this lab")
    .option("--stack <name>", "this stack, as pulumi names it")
    .option("--offline", "what the state has, without asking the hosts")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(list);
}

type Options = PlaceOptions & { offline?: boolean; json?: boolean };

async function list(options: Options, command: Command): Promise<void> {
  const code = await elsewhere(options, ["ls", ...command.args, ...flags(options)]);
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const listed = options.offline ? offline(await readStacks(options)) : await asked(options);
  console.log(options.json ? JSON.stringify({ machines: listed.map(record) }, null, 2) : table(listed));
  if (!options.json) for (const line of unasked(listed)) console.error(line);
}

function flags(options: Options): string[] {
  return [...placeFlags(options), ...(options.offline ? ["--offline"] : []), ...(options.json ? ["--json"] : [])];
}

const offline = (stacks: Deployment[]): Listed[] => stacks.flatMap(machinesOf).map((machine) => ({ machine }));

/** Who may read the state, and not its secrets, sees what the state has. */
async function asked(options: Options): Promise<Listed[]> {
  let opened: Deployment[];
  try {
    opened = await readStacks({ stack: options.stack, secrets: true });
  } catch (error) {
    const looked = { error: (error as Error).message };
    return offline(await readStacks({ stack: options.stack })).map(({ machine }) => ({ machine, looked }));
  }
  const machines = opened.flatMap(machinesOf);
  const lives = await lifeOf(machines);
  return machines.map((machine) => ({ machine, looked: lives.get(machine) }));
}

/** Which hosts were not asked, and why. */
function unasked(listed: Listed[]): string[] {
  const lines = listed.flatMap(({ machine, looked }) =>
    looked !== undefined && "error" in looked
      ? [`${printableLine(machine.host)} could not be asked: ${printableLine(looked.error, 1000)}`]
      : [],
  );
  return [...new Set(lines)];
}
