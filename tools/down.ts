// `npm run down`: removes the lab of `npm start` with everything in it, its stacks' state included.
import { Command } from "commander";
import { defaultLab, labDown } from "../lab";

new Command("npm run down --")
  .description("Removes the lab with all servers, machines and stack state in it.")
  .option("--lab <name>", "name of the lab; default also by $PULUMI_NSPAWN_LAB", defaultLab)
  .addHelpText("after", "\nExit codes: 0 nothing is left, 1 something failed (the message says what), 2 usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async ({ lab }: { lab: string }) => {
    const { removed } = await labDown({ name: lab });
    process.stderr.write(removed ? `lab "${lab}" is gone\n` : `there is no lab "${lab}"\n`);
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
