import { Command, InvalidArgumentError } from "commander";
import { engineReport } from "./engine-report";
import { EngineUnavailable } from "./engine-unavailable";
import { ensureEngine } from "./ensure-engine";
import { stderrReporter } from "./stderr-reporter";
import type { Source } from "./source";

const ways: readonly Source[] = ["path", "download", "build"];

async function main(): Promise<number> {
  const command = new Command("engine")
    .description(
      "Find the Pulumi engine and its plugins, or get them: from the PATH, else by download, else built from Go modules.",
    )
    .option("--json", "print one JSON object on stdout")
    .option("--root <directory>", "the project whose npm packages decide the versions", ".")
    .option("--ways <list>", "which ways may be used (default: path,download,build)", parseWays)
    .addHelpText(
      "after",
      "\nExit codes: 0 the engine is there; 1 it cannot be had (NSPAWN_ENGINE_UNAVAILABLE); 2 wrong arguments; 130 interrupted.",
    )
    .addHelpText("after", "The cache is ${PULUMI_NSPAWN_CACHE:-${XDG_CACHE_HOME:-~/.cache}/pulumi-nspawn}/engine.")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const { json, root, ways: chosen } = command.opts<{ json?: boolean; root: string; ways?: Source[] }>();
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const reporter = stderrReporter();
  try {
    const engine = await ensureEngine({ root, ways: chosen, reporter, signal: stop.signal });
    process.stdout.write(json ? `${JSON.stringify(engine)}\n` : engineReport(engine));
    return 0;
  } catch (error) {
    reporter.done();
    if (stop.signal.aborted) return 130;
    if (!(error instanceof EngineUnavailable)) throw error;
    if (json) process.stdout.write(`${JSON.stringify({ code: error.code, refusals: error.refusals })}\n`);
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function parseWays(text: string): Source[] {
  const list = text.split(",");
  const wrong = list.find((one) => !ways.some((way) => way === one));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`got "${wrong}"; allowed are ${ways.join(", ")}, joined by commas`);
  return list as Source[];
}

void main().then((code) => (process.exitCode = code));
