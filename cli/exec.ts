import { Command } from "commander";
import { attached } from "./attached";
import { placeFlags, type PlaceOptions } from "./stack/place";

const help = `
The machine's service manager runs the command as root, with the words and streams as they are, by its host: the machine's own network
is not needed. Where the machine is found is chosen as for \`ls\`. What the command prints comes from the machine as it is.

Exit codes: the command's own, 128 + n after signal n; 2 wrong use; 125 the command could not be run.

  pulumi-nspawn exec web -- systemctl restart nginx
  pulumi-nspawn exec db -- pg_dump app >app.sql`;

/** `pulumi-nspawn exec`: a command in a machine. */
export function execCommand(): Command {
  return new Command("exec")
    .description("run a command in a machine, by its host")
    .argument("<machine>", "name of the machine")
    .argument("<command...>", "the command and its words")
    .option("--lab <name>", "a machine of this lab")
    .option("--stack <name>", "a machine of this stack, as pulumi names it")
    .passThroughOptions()
    .addHelpText("after", help)
    .action((machine: string, command: string[], options: PlaceOptions) =>
      attached({
        ...{ machine, options, where: "machine", terminal: true },
        argv: ["exec", ...placeFlags(options), machine, "--", ...itself(command)],
        words: byShell(itself(command)),
      }),
    );
}

/** The service manager wants whole paths; the machine's shell finds a program by its name. */
const byShell = (command: string[]): string[] => ["/bin/sh", "-c", 'exec "$@"', "sh", ...command];

/** Without the two dashes before it. */
const itself = (command: string[]): string[] => (command[0] === "--" ? command.slice(1) : command);
