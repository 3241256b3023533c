#!/usr/bin/env node
import { Command } from "commander";
import pc from "picocolors";
import { LabError } from "../lab";
import { NspawnError } from "../provider/errors";
import { printable } from "../provider/model/read/printable";
import { CliError } from "./cli-error";
import { doctorCommand } from "./doctor";
import { execCommand } from "./exec";
import { imagesCommand } from "./images";
import { labCommand } from "./lab";
import { logsCommand } from "./logs";
import { lsCommand } from "./ls";
import { shellCommand } from "./shell";

/** One file per subcommand; each exports a function that returns its Command. */
const subcommands = [labCommand, lsCommand, imagesCommand, doctorCommand, shellCommand, execCommand, logsCommand];

async function main(argv: string[]): Promise<void> {
  const command = new Command("pulumi-nspawn")
    .description("Machines with public addresses on a Debian host, and a Hetzner of your own to try them on")
    .showHelpAfterError("(add --help for usage)")
    .enablePositionalOptions()
    .exitOverride((error) => {
      // commander's own exit codes are 0 for help and 1 for wrong use; ours is 2 for the latter.
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  for (const subcommand of subcommands) command.addCommand(subcommand().copyInheritedSettings(command));
  await command.parseAsync(argv);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof LabError || error instanceof CliError) return error.exitCode;
  // A state that cannot be understood.
  return error instanceof NspawnError ? 3 : 1;
}

main(process.argv).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`${pc.red("error:")} ${printable(message, 16_384)}`);
  process.exitCode = exitCodeOf(error);
});
