import { Command } from "commander";
import { describe, exitCodeOf, finding, unseen, type Finding } from "./doctor/finding";
import { look } from "./doctor/look";
import { pathOf } from "./doctor/path";
import { byHost } from "./stack/by-host";
import { configuredKey } from "./stack/configured-key";
import { machinesOf, type Machine } from "./stack/machines";
import { named } from "./stack/named";
import { elsewhere, placeFlags, type PlaceOptions } from "./stack/place";
import { readStacks } from "./stack/read-stacks";

const help = `
Walks the path of a packet to each machine and back, and says at which hop it stops: the assignment at the provider
(as the state has it), the host's uplink and its answers for the address, forwarding, bridge, filter, routes and rules both
ways, port, the machine, its address, its default route and the source that it chooses, a firewall of its own, its
gateway, its answer. A machine that is stopped as the program has it is in order. It looks over SSH, as the library
connects, and changes nothing. Where it looks is chosen as for \`ls\`.

Exit codes: 0 no hop failed; 1 a hop failed; 2 wrong use; 3 the stack, the lab or a host could not be looked at.`;

/** `pulumi-nspawn doctor`: at which hop the packets of a machine stop. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("walk the packet's path to a machine and name the hop where it stops")
    .argument("[machine]", "name of the machine; all of them when absent")
    .option("--lab <name>", "the stacks of this lab")
    .option("--stack <name>", "this stack, as pulumi names it")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(examine);
}

type Options = PlaceOptions & { json?: boolean };

async function examine(name: string | undefined, options: Options): Promise<void> {
  const code = await elsewhere(options, ["doctor", ...(name === undefined ? [] : [name]), ...flags(options)]);
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const all = (await readStacks({ stack: options.stack, secrets: true })).flatMap(machinesOf);
  const machines = name === undefined ? all : named(all, name);
  const findings = await Promise.all(byHost(machines).map(findingsOf));
  print(findings.flat(), options.json === true);
  process.exitCode = exitCodeOf(findings.flat());
}

function flags(options: Options): string[] {
  return [...placeFlags(options), ...(options.json ? ["--json"] : [])];
}

async function findingsOf(machines: Machine[]): Promise<Finding[]> {
  try {
    const found = await look(machines, await configuredKey(machines[0]?.stack ?? ""));
    return machines.map((machine) => finding(machine, pathOf(machine, found)));
  } catch (error) {
    return machines.map((machine) => unseen(machine, (error as Error).message));
  }
}

function print(findings: Finding[], json: boolean): void {
  if (json) console.log(JSON.stringify({ machines: findings }, null, 2));
  else console.log(findings.map(describe).join("\n\n") || "There are no machines in this stack.");
}
