// `npm run attack`: attacks hosts and machines of a lab from inside a machine; docs/security.md has the outcome.
import { readFileSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  attacks,
  combinations,
  controls,
  legitimate,
  markdown,
  modes,
  runAttacks,
  runScript,
  shownFileTrials,
  summary,
  table,
  type Result,
  type Trial,
} from "./";
import { withOwnLab } from "../../lab";
import { ensurePackages, withPackageOptions, type PackageOptions } from "../../tools/packages";

interface AttackArguments extends PackageOptions {
  mode: string[];
  combination: string[];
  isolation: "none" | "tenant";
  exec?: string;
  lab: string;
  only: string[];
  list: boolean;
  tries: number;
  markdown?: string;
}

const modeNames = modes.map(({ name }) => name);
const combinationNames = combinations.map(({ name }) => name);

/** An option that may be given again; without it, all. */
const several =
  (allowed: readonly string[], all: readonly string[]) =>
  (text: string, before: string[]): string[] => {
    if (!allowed.includes(text))
      throw new InvalidArgumentError(`got ${JSON.stringify(text)}; there are: ${allowed.join(", ")}.`);
    return before === all ? [text] : [...before, text];
  };

const titled = ({ victim, name }: Trial): string => `${victim}: ${name}`;
const progress = (text: string): void => void process.stderr.write(`${text} …\n`);

function told({ trial, mode, combination, outcome, good }: Result): void {
  if (!good) process.stderr.write(`  ${mode}, ${combination ?? "control"}: ${titled(trial)}: ${outcome}\n`);
}

async function script(file: string, { lab, mode, combination, isolation }: AttackArguments): Promise<void> {
  const [oneMode, oneCombination] = [
    modes.find(({ name }) => name === mode[0]) ?? modes[0]!,
    combinations.find(({ name }) => name === (combination.length === 1 ? combination[0] : "plain")) ?? combinations[0]!,
  ];
  const options = {
    lab,
    mode: oneMode,
    combination: oneCombination,
    isolation,
    script: readFileSync(file, "utf8"),
    progress,
  };
  const { code, out, changes } = await withOwnLab(options.lab, () => runScript(options));
  process.stdout.write(`${out}${out.endsWith("\n") || out === "" ? "" : "\n"}`);
  process.stdout.write(changes.map((line) => `${line}\n`).join(""));
  process.stdout.write(
    `the script ended with exit code ${code}; ${changes.length} changes at B, the host and the router\n`,
  );
  process.exitCode = changes.length === 0 ? 0 : 1;
}

async function attack(options: AttackArguments): Promise<void> {
  const { lab, only, isolation } = options;
  const chosen = (trial: Trial): boolean => only.length === 0 || only.some((text) => titled(trial).includes(text));
  if (options.list) {
    const names = [[...attacks, ...shownFileTrials], legitimate].map((list) => list.filter(chosen).map(titled));
    return void process.stdout.write(
      `${names.flat().join("\n")}\n${names[0]!.length} attacks, ${names[1]!.length} legitimate\n`,
    );
  }
  if (![...attacks, ...shownFileTrials, ...legitimate].some(chosen))
    throw new Error("nothing has this name; --list shows all");
  await ensurePackages(options);
  if (options.exec !== undefined) return await script(options.exec, options);
  const wanted = {
    ...{ lab, isolation, tries: options.tries, chosen, progress, told },
    modes: modes.filter(({ name }) => options.mode.includes(name)),
    combinations: combinations.filter(({ name }) => options.combination.includes(name)),
  };
  const results = await withOwnLab(lab, () => runAttacks(wanted));
  if (options.markdown !== undefined) writeFileSync(options.markdown, markdown(results));
  process.stdout.write(`${table(results)}\n${controls(results)}\n${summary(results)}\n`);
  process.exitCode = results.length > 0 && results.every(({ good }) => good) ? 0 : 1;
}

withPackageOptions(new Command("npm run attack --"))
  .description(
    "Attacks a host and its machines from inside one of them, in a lab of its own: first without isolation, to show that each attack works or is seen, then with it. Legitimate traffic is measured beside it.",
  )
  .option(
    "--mode <name>",
    `only this mode; may be given again. One of: ${modeNames.join(", ")}`,
    several(modeNames, modeNames),
    modeNames,
  )
  .option(
    "--combination <name>",
    `only this combination of features; may be given again. One of: ${combinationNames.join(", ")}`,
    several(combinationNames, combinationNames),
    combinationNames,
  )
  .addOption(
    new Option("--isolation <value>", "none: only the controls; with --exec, what the script meets")
      .choices(["none", "tenant"])
      .default("tenant"),
  )
  .option(
    "--exec <script>",
    "run this script in machine A instead, with A_IP4 A_IP6 A_MAC B_IP4 … HOST_MAC GATEWAY in its environment, and print what it changed at B, the host and the router",
  )
  .option("--tries <n>", "how often each race for a file of the host is run, with the script as it is", Number, 10_000)
  .option("--lab <name>", "name of the lab, for two runs at the same time", "attack")
  .option(
    "--only <text>",
    "only what has this text in its name; may be given again",
    (text: string, before: string[]) => [...before, text],
    [],
  )
  .option("--list", "print all names and run nothing", false)
  .option("--markdown <file>", "also write the table as Markdown")
  .addHelpText(
    "after",
    "\nExit codes: 0 all stopped and delivered, and each control shown; 1 not (the message says what); 2 usage.",
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(attack)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
