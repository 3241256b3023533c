// `npm run faults`: disturbs changes of hosts in a lab at every boundary of their steps; docs/safety.md has the outcome.
import { appendFileSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  dialects,
  listApiFaults,
  listFaults,
  isGood,
  markdown,
  nameOf,
  rowOf,
  runApiFaults,
  runExact,
  runFaults,
  sample,
  sampleEach,
  summary,
  table,
  type ApiFault,
  type Attempt,
  type Dialect,
  type Fault,
  type Verdict,
} from "./";
import { withOwnLab } from "../../lab";
import { ensurePackages, withPackageOptions, type PackageOptions } from "../../tools/packages";

interface FaultsArguments extends PackageOptions {
  all: boolean;
  sample?: number;
  each?: number;
  seed: number;
  only: string[];
  not: string[];
  lab: string;
  lanes: number;
  dialect?: Dialect;
  list: boolean;
  exact?: number;
  markdown?: string;
  log?: string;
}

function whole(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError(`got ${JSON.stringify(text)}; a whole number above 0 is needed.`);
}

const several = (text: string, before: string[]): string[] => [...before, text];

/** A fault of a host, or of the API. */
type Any = { row: string; name: string; fault?: Fault; apiFault?: ApiFault };

async function chosen({ all: every, only, not, sample: few, each, seed }: FaultsArguments): Promise<Any[]> {
  const ofHosts = (await listFaults(every)).map((fault): Any => ({ row: rowOf(fault), name: nameOf(fault), fault }));
  const ofApi = listApiFaults(every).map((apiFault): Any => ({ row: "API", name: apiFault.name, apiFault }));
  const has = ({ row, name }: Any, part: string): boolean => [row, name].some((text) => text.includes(part));
  const matching = [...ofHosts, ...ofApi].filter(
    (fault) => only.every((part) => has(fault, part)) && !not.some((part) => has(fault, part)),
  );
  const some = each === undefined ? matching : sampleEach(matching, each, seed, ({ row }) => row);
  return few === undefined ? some : sample(some, few, seed);
}

function tell(options: FaultsArguments, of: number): (verdict: Verdict) => void {
  let done = 0;
  return (verdict) => {
    const { name, ended, login, seconds, half, rest, notes, lockedOut } = verdict;
    const state = lockedOut ? "LOCKED OUT" : isGood(verdict) ? `${ended} state` : "NOT GOOD";
    process.stderr.write(`${(done += 1)}/${of} ${name}: ${state} (${seconds?.toFixed(0) ?? "?"} s)\n`);
    if (!isGood(verdict))
      for (const line of [...half.slice(0, 20), ...rest.slice(0, 20), ...notes]) process.stderr.write(`    ${line}\n`);
    if (options.log !== undefined) {
      appendFileSync(options.log, `${JSON.stringify({ name, ended, lockedOut, login, half, rest, notes, seconds })}\n`);
    }
  };
}

const progress = (text: string): void => void process.stderr.write(`${text} …\n`);

/** Random changes that fail at their last step; each has to leave nothing. */
async function exact(count: number, { lab, seed, lanes }: FaultsArguments): Promise<void> {
  process.stderr.write(`seed ${seed}\n`);
  const told = ({ name, differing }: Attempt, done: number): void => {
    process.stderr.write(`${done}/${count} ${name}: ${differing.length === 0 ? "exact" : "NOT EXACT"}\n`);
    for (const line of differing.slice(0, 20)) process.stderr.write(`    ${line}\n`);
  };
  const attempts = await withOwnLab(lab, () => runExact(count, seed, { lab, lanes, told, progress }));
  const good = attempts.filter(({ differing }) => differing.length === 0).length;
  process.stdout.write(`the rollback was exact in ${good} of ${count} random changes\n`);
  process.exitCode = good === count ? 0 : 1;
}

/** Hosts and API side by side: each in labs of its own. */
async function run(list: Any[], options: FaultsArguments): Promise<Verdict[]> {
  const { lab, lanes, dialect } = options;
  const told = tell(options, list.length);
  const ofHosts = list.flatMap(({ fault }) => fault ?? []);
  const ofApi = list.flatMap(({ apiFault }) => apiFault ?? []);
  const ran = await Promise.all([
    ofHosts.length === 0 ? [] : runFaults(ofHosts, { lab, lanes, dialect, told, progress }),
    runApiFaults(ofApi, { lab, told, progress }),
  ]);
  return ran.flat();
}

async function faults(options: FaultsArguments): Promise<void> {
  if (options.exact !== undefined) return await exact(options.exact, options);
  const list = await chosen(options);
  if (options.list) {
    return void process.stdout.write(`${list.map(({ name }) => name).join("\n")}\n${list.length} faults\n`);
  }
  if (list.length === 0) throw new Error("no fault has this name; --list shows them all");
  await ensurePackages(options);
  if (options.sample !== undefined || options.each !== undefined) process.stderr.write(`seed ${options.seed}\n`);
  const verdicts = await withOwnLab(options.lab, () => run(list, options));
  if (options.markdown !== undefined) writeFileSync(options.markdown, markdown(verdicts));
  process.stdout.write(`${table(verdicts)}\n${summary(verdicts)}\n`);
  process.exitCode = verdicts.length === list.length && verdicts.every(isGood) ? 0 : 1;
}

withPackageOptions(new Command("npm run faults --"))
  .description(
    "Disturbs changes of hosts in a lab of its own, at every boundary of their steps, and looks what is left.",
  )
  .option("--all", "every disturbance at every boundary: more than an hour", false)
  .option("--sample <number>", "only this many, chosen by the seed", whole)
  .option("--each <number>", "only this many of each kind of change, chosen by the seed", whole)
  .option("--seed <number>", "which ones", whole, 1)
  .option("--only <text>", "only those whose name or row has this text; several times: all of these texts", several, [])
  .option("--not <text>", "not those; several times: none of these texts", several, [])
  .option("--lab <name>", "name of the lab, for two runs at the same time", "faults")
  .option("--lanes <number>", "hosts that are worked on at the same time", whole, 4)
  .addOption(
    new Option(
      "--dialect <name>",
      "what configures the uplink of hosts in the cloud; default: ifupdown by DHCP",
    ).choices(dialects),
  )
  .option("--exact <number>", "instead: that many random changes that fail at their last step", whole)
  .option("--list", "print the names of the faults and run none", false)
  .option("--markdown <file>", "also write the table as Markdown")
  .option("--log <file>", "append one line of JSON per fault")
  .addHelpText("after", "\nExit codes: 0 all survived, 1 not all or something failed (the message says what), 2 usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(faults)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
