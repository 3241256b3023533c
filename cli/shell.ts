import { Command } from "commander";
import { attached } from "./attached";
import { placeFlags, type PlaceOptions } from "./stack/place";

const help = `
A login shell of the machine's root, by its host: the way in when the machine's network is broken, or its SSH server. Where the machine
is found is chosen as for \`ls\`. Without a terminal it reads commands from standard input.

Exit codes: the shell's own; 2 wrong use; 125 there is no way in.`;

/** The machine's own idea of root's shell, or any. */
const login = 'cd; exec "$(getent passwd root | cut -d: -f7 | grep . || echo /bin/sh)" -l';

/** `pulumi-nspawn shell`: a shell in a machine. */
export function shellCommand(): Command {
  return new Command("shell")
    .description("a shell in a machine, by its host, whatever its network is")
    .argument("<machine>", "name of the machine")
    .option("--lab <name>", "a machine of this lab")
    .option("--stack <name>", "a machine of this stack, as pulumi names it")
    .addHelpText("after", help)
    .action((machine: string, options: PlaceOptions) =>
      attached({
        ...{ machine, options, where: "machine", terminal: true },
        argv: ["shell", ...placeFlags(options), machine],
        words: ["/bin/sh", "-c", login],
      }),
    );
}
