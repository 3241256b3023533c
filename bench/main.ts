// `npm run bench`: the figures of docs/performance.md, each beside its reference in the same run.
import { Command, InvalidArgumentError } from "commander";
import { figureNames, runBench } from "./";
import { withOwnLab } from "../lab";
import { withPackageOptions, type PackageOptions } from "../tools/packages";

interface BenchArguments extends PackageOptions {
  runs?: number;
  only?: string[];
  lab: string;
  json: boolean;
}

function runs(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= 100) return number;
  throw new InvalidArgumentError(`got ${JSON.stringify(text)}; a whole number from 1 to 100 is needed.`);
}

function figure(text: string, before: string[] = []): string[] {
  if (figureNames.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`there is no figure ${JSON.stringify(text)}; there are: ${figureNames.join(", ")}.`);
}

async function bench(options: BenchArguments): Promise<void> {
  const repeat = { few: options.runs ?? 5, many: options.runs ?? 3 };
  const wanted = { lab: options.lab, only: options.only ?? figureNames, runs: repeat, packages: options };
  const { results, file, text } = await withOwnLab(options.lab, () => runBench(wanted));
  process.stderr.write(`written: ${file}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : `${text}\n`);
}

withPackageOptions(new Command("npm run bench --"))
  .description(
    "Measures in a lab of its own what docs/performance.md has goals for, prints one table, and writes bench/results.json. A missed goal is shown, and is no failure.",
  )
  .option("--runs <number>", "repetitions; default 5, and 3 for ten machines", runs)
  .option("--only <figure>", `only this one; may be given again. One of: ${figureNames.join(", ")}`, figure)
  .option("--lab <name>", "name of the lab, which is removed in the end", "bench")
  .option("--json", "print the results as JSON instead of the table", false)
  .addHelpText("after", "\nExit codes: 0 measured, 1 something failed (the message says what), 2 usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(bench)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
