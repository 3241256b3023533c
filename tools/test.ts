// `npm test`: lint, types, unit, contract, and the lab end to end; with `--all` the long tests of the lab too. One closing
// line `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineWithGo } from "./ensure-engine";
import { ensureCheckers, ensurePackages } from "./packages";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What jest writes with --json; only what is counted here. */
interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "pulumi-nspawn-test-"));

function announce(what: string): number {
  process.stdout.write(`\n── ${what}\n`);
  return Date.now();
}

function spent(begun: number): string {
  return `${((Date.now() - begun) / 1000).toFixed(0)} s`;
}

/** Runs a command to its end, what it says shown as it comes; its exit code. */
function run(
  program: string,
  args: readonly string[],
  stdout: "inherit" | "ignore",
  env = process.env,
): Promise<number> {
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", stdout, "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

const releaseEnv = (debian: string | undefined): NodeJS.ProcessEnv =>
  debian === undefined ? {} : { NSPAWN_DEBIAN: debian };

/** One command that passes or fails as a whole. */
async function check(command: string, script: string, debian?: "12", args: readonly string[] = []): Promise<Tally> {
  const what = debian === undefined ? command : `${command} on Debian ${debian}`;
  const begun = announce(what);
  const words = ["run", "--silent", script, ...(args.length === 0 ? [] : ["--", ...args])];
  const code = await run("npm", words, "inherit", { ...process.env, ...releaseEnv(debian) });
  process.stdout.write(`${what}: ${code === 0 ? "passed" : "FAILED"} (${spent(begun)})\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Every kind of change where something else configures the uplink. */
const onDialect = (dialect: "static" | "netplan", debian?: "12"): Promise<Tally> =>
  check(`faults of each kind, uplink by ${dialect}`, "faults", debian, ["--each", "1", "--dialect", dialect]);

interface JestOptions {
  workers?: number;
  /** Folders of tests, and tests by their path; default: all of the project. */
  only?: string[];
  /** The release of the lab's hosts and machines; default: the newest (test/support/debian.ts). */
  debian?: "12";
  /** What the tests read of the environment. */
  env?: Record<string, string>;
}

/** What of the lab breaks most on an older release: what the host had before, and what others change on it. */
const older = ["test/lab/existing-host", "test/lab/drift"];

/** One jest project; a suite that could not even be loaded is a failure. */
async function jest(project: string, { workers = 1, only = [], debian, env: more }: JestOptions = {}): Promise<Tally> {
  const release = debian === undefined ? "" : ` on Debian ${debian}`;
  const what = `${project}${only.length === 0 ? "" : ` (${only.join(", ")})`}${release}`;
  const begun = announce(`tests: ${what}`);
  const results = join(folder, `${what.replaceAll(/[^a-z0-9]+/gi, "-")}.json`);
  const program = join(root, "node_modules", "jest", "bin", "jest.js");
  const paths = only.map((path) => `--testPathPatterns=${path}`);
  const args = ["--selectProjects", project, ...paths, "--json", `--outputFile=${results}`, `--maxWorkers=${workers}`];
  const env = { ...process.env, NODE_OPTIONS: "--no-warnings", ...releaseEnv(debian), ...more };
  const code = await run(process.execPath, [program, ...args], "ignore", env);
  process.stdout.write(`tests: ${what}: ${spent(begun)}\n`);
  try {
    const jestResult = JSON.parse(readFileSync(results, "utf8")) as JestResult;
    const tally = {
      passed: jestResult.numPassedTests,
      failed: jestResult.numFailedTests + jestResult.numRuntimeErrorTestSuites,
      skipped: jestResult.numPendingTests + jestResult.numTodoTests,
    };
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } catch {
    process.stderr.write(`jest left no results for ${what} (exit code ${code})\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function total(tallies: Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((before, tally) => before + tally[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** What more than one test needs, first: on a new machine it takes minutes. What cannot be had fails in its own test. */
async function prepare(): Promise<void> {
  announce("engine and Debian packages");
  const said = (error: Error) => process.stderr.write(`${error.message}\n`);
  const packages = { yes: false, install: !process.argv.includes("--no-install") };
  await engineWithGo(packages).catch(said);
  if (process.getuid?.() !== 0) return;
  await ensurePackages(packages).catch(said);
  await ensureCheckers(packages).catch(said);
}

/** Small checks side by side; tests that look at time by themselves: two cores are little. */
async function usual(): Promise<Tally[]> {
  const typesFirst = async (): Promise<Tally[]> => [await check("types", "typecheck"), await jest("contract")];
  const small = await Promise.all([check("lint", "lint"), typesFirst()]);
  return [
    ...small.flat(),
    await jest("unit", { workers: 2 }),
    await jest("lab", { workers: 3 }),
    await jest("lab", { workers: 2, only: older, debian: "12" }),
    await jest("alone"),
  ];
}

/** The long suites whole; `npm test` has a fixed part of them. */
async function everythingElse(): Promise<Tally[]> {
  return [
    await jest("unit", { workers: 2, only: ["test/fuzz/"], env: { NSPAWN_RUNS: "100000" } }),
    await jest("lab", { workers: 3, debian: "12" }),
    await jest("long"),
    await jest("long", { debian: "12" }),
    await check("every attack", "attack"),
    await check("every attack", "attack", "12"),
    await check("every fault", "faults"),
    await check("every fault", "faults", "12"),
    await onDialect("static"),
    await onDialect("netplan"),
    await onDialect("static", "12"),
    await onDialect("netplan", "12"),
    await check("twenty reboots", "reboots"),
  ];
}

async function main(): Promise<void> {
  await prepare();
  const more = process.argv.includes("--all") ? everythingElse : () => Promise.resolve([]);
  const { passed, failed, skipped } = total([...(await usual()), ...(await more())]);
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

void main();
