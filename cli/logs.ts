import { Command, InvalidArgumentError } from "commander";
import { attached } from "./attached";
import { placeFlags, type PlaceOptions } from "./stack/place";

const help = `
The journal of the machine, which its own journalctl prints; with --host that of the machine's unit on the host, which is there when the
machine does not run. Where the machine is found is chosen as for \`ls\`.

Exit codes: those of journalctl; 2 wrong use; 125 the journal could not be read.`;

interface Options extends PlaceOptions {
  lines: number;
  follow?: boolean;
  unit?: string;
  since?: string;
  host?: boolean;
  json?: boolean;
}

/** `pulumi-nspawn logs`: the journal of a machine. */
export function logsCommand(): Command {
  return new Command("logs")
    .description("print the journal of a machine")
    .argument("<machine>", "name of the machine")
    .option("-n, --lines <number>", "how many of the newest lines", whole, 100)
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("-u, --unit <name>", "of this unit of the machine alone")
    .option("--since <time>", "from this time on, as journalctl takes it: today, -1h, 2026-12-01")
    .option("--host", "what the host's service manager says of the machine")
    .option("--lab <name>", "a machine of this lab")
    .option("--stack <name>", "a machine of this stack, as pulumi names it")
    .option("--json", "print one JSON object for each line, with all fields")
    .addHelpText("after", help)
    .action(print);
}

function whole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`got ${JSON.stringify(text)}; a whole number is needed.`);
}

async function print(machine: string, options: Options): Promise<void> {
  const { host = false, unit } = options;
  const of = host ? [`--unit=systemd-nspawn@${machine}.service`] : unit === undefined ? [] : [`--unit=${unit}`];
  const program = host ? "journalctl" : "/bin/journalctl";
  await attached({
    ...{ machine, options, terminal: false },
    where: host ? "host" : "machine",
    argv: ["logs", ...placeFlags(options), ...flags(options), machine],
    words: [program, "--no-pager", ...of, ...shown(options)],
  });
}

/** As journalctl takes them. */
const shown = ({ lines, follow, since, json }: Options): string[] => [
  `--lines=${lines}`,
  ...(follow === true ? ["--follow"] : []),
  ...(since === undefined ? [] : [`--since=${since}`]),
  ...(json === true ? ["--output=json"] : []),
];

/** As they were typed. */
const flags = ({ lines, follow, unit, since, host, json }: Options): string[] => [
  ...["--lines", String(lines)],
  ...(follow === true ? ["--follow"] : []),
  ...(unit === undefined ? [] : ["--unit", unit]),
  ...(since === undefined ? [] : ["--since", since]),
  ...(host === true ? ["--host"] : []),
  ...(json === true ? ["--json"] : []),
];
