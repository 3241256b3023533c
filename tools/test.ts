// `npm test`: lint, types, unit, contract, and the lab end to end; with `--all` the long tests of the lab too. One closing
// line `N passed, N failed, N skipped`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEngine } from "./engine";
import { ensurePackages } from "./packages";

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

/** One command that passes or fails as a whole. */
function check(what: string, script: string): Tally {
  const begun = announce(what);
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: root, stdio: "inherit" });
  process.stdout.write(`${what}: ${status === 0 ? "passed" : "FAILED"} (${spent(begun)})\n`);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

/** One jest project; a suite that could not even be loaded is a failure. */
function jest(project: string): Tally {
  const begun = announce(`tests: ${project}`);
  const results = join(folder, `${project}.json`);
  const args = [
    join(root, "node_modules", "jest", "bin", "jest.js"),
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${results}`,
  ];
  const env = { ...process.env, NODE_OPTIONS: "--no-warnings" };
  const workers = project === "alone" || project === "long" ? ["--runInBand"] : ["--maxWorkers=2"];
  const { status } = spawnSync(process.execPath, [...args, ...workers], {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  process.stdout.write(`tests: ${project}: ${spent(begun)}\n`);
  try {
    const jestResult = JSON.parse(readFileSync(results, "utf8")) as JestResult;
    const tally = {
      passed: jestResult.numPassedTests,
      failed: jestResult.numFailedTests + jestResult.numRuntimeErrorTestSuites,
      skipped: jestResult.numPendingTests + jestResult.numTodoTests,
    };
    return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } catch {
    process.stderr.write(`jest left no results for ${project} (exit code ${status})\n`);
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
  await ensureEngine().catch(said);
  if (process.getuid?.() === 0) await ensurePackages(false).catch(said);
}

/** The long suites whole; `npm test` has a fixed part of them. */
function everythingElse(): Tally[] {
  return [
    jest("long"),
    check("every attack", "attack"),
    check("every fault", "faults"),
    check("twenty reboots", "reboots"),
  ];
}

async function main(): Promise<void> {
  await prepare();
  const { passed, failed, skipped } = total([
    check("lint", "lint"),
    check("types", "typecheck"),
    jest("unit"),
    jest("contract"),
    jest("lab"),
    jest("alone"),
    ...(process.argv.includes("--all") ? everythingElse() : []),
  ]);
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

void main();
