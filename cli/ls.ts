import Table from "cli-table3";
import { Command } from "commander";
import pc from "picocolors";
import { printableLine } from "../provider/model/read/printable";
import { machinesOf, type Machine } from "./stack/machines";
import { elsewhere, placeFlags, type PlaceOptions } from "./stack/place";
import { readStacks } from "./stack/read-stacks";

const help = `
Reads the state of a stack: with neither --lab nor --stack the one that is selected in the current directory, and
where there is none the lab that runs. The state of a machine is that of the last \`pulumi up\` or \`refresh\`;
\`pulumi-nspawn doctor\` asks the host itself.

Exit codes: 0 listed; 2 wrong use; 3 the stack or the lab could not be read.`;

/** `pulumi-nspawn ls`: the machines of a stack. */
export function lsCommand(): Command {
  return new Command("ls")
    .description("list the machines of a stack: name, state, IPv4, IPv6, image, host")
    .option("--lab <name>", "the stacks of this lab")
    .option("--stack <name>", "this stack, as pulumi names it")
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action(list);
}

async function list(options: PlaceOptions & { json?: boolean }, command: Command): Promise<void> {
  const code = await elsewhere(options, ["ls", ...command.args, ...flags(options)]);
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const machines = (await readStacks(options)).flatMap(machinesOf);
  console.log(options.json ? JSON.stringify({ machines: machines.map(record) }, null, 2) : table(machines));
}

function flags(options: PlaceOptions & { json?: boolean }): string[] {
  return [...placeFlags(options), ...(options.json ? ["--json"] : [])];
}

function addresses(machine: Machine, family: "ipv4" | "ipv6"): string[] {
  const all = machine.networks.flatMap((network) => network.addresses);
  return all.filter((address) => address.family === family).map(({ address }) => printableLine(address));
}

const subnets = ({ networks }: Machine): string[] => networks.flatMap((network) => network.subnets.map(printableLine));

/** What is shown of a machine, printable: a state may come from anywhere. */
function words(machine: Machine): Pick<Machine, "name" | "state" | "image" | "host" | "stack"> {
  const { name, state, image, host, stack } = machine;
  return {
    name: printableLine(name),
    state,
    image: printableLine(image),
    host: printableLine(host),
    stack: printableLine(stack),
  };
}

function record(machine: Machine): object {
  const { name, state, image, host, stack } = words(machine);
  const { problems } = machine;
  const [ipv4, ipv6] = [addresses(machine, "ipv4"), addresses(machine, "ipv6")];
  const routed = subnets(machine);
  return {
    ...{ name, state, ipv4, ipv6 },
    ...(routed.length > 0 ? { subnets: routed } : {}),
    ...{ image, host, stack },
    ...(problems.length > 0 ? { problems } : {}),
  };
}

const colours = { running: pc.green, stopped: pc.dim, "not ready": pc.red };

function table(machines: Machine[]): string {
  if (machines.length === 0) return "There are no machines in this stack.";
  const head = ["NAME", "STATE", "IPV4", "IPV6", "IMAGE", "HOST"].map((title) => pc.bold(title));
  const several = new Set(machines.map(({ stack }) => stack)).size > 1;
  const grid = new Table({ head: several ? [...head, pc.bold("STACK")] : head, style: { head: [], border: [] } });
  for (const machine of machines) {
    const { name, state, image, host, stack } = words(machine);
    const ipv4 = addresses(machine, "ipv4").join("\n");
    const ipv6 = [...addresses(machine, "ipv6"), ...subnets(machine)].join("\n");
    grid.push([name, colours[state](state), ipv4, ipv6, image, host, ...(several ? [stack] : [])]);
  }
  return grid.toString();
}
