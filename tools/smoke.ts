// `npm run smoke:hetzner`: the proofs of `npm start` on a real account, which costs a few cents; `--lab` runs it in a lab.
import { Command } from "commander";
import pc from "picocolors";
import { labExec } from "../lab";
import { ensureEngine } from "../engine";
import { openLab } from "./lab-session";
import { holds } from "./proofs/family";
import { printProof } from "./proofs/print";
import { printQuestion } from "./smoke/questions";
import { runSmoke, type SmokeResult } from "./smoke/run-smoke";
import { requireToken } from "./smoke/token";

interface SmokeArguments {
  yes: boolean;
  json: boolean;
  lab?: string;
  serverType: string;
  location: string;
  image: string;
}

/** The very same command again, in the operator's namespace of the lab, where HCLOUD_ENDPOINT is the lab's. */
async function inLab(name: string, yes: boolean): Promise<void> {
  await openLab(name, { yes, install: true });
  process.exitCode = await labExec("operator", [process.execPath, __filename, ...process.argv.slice(2)], { name });
}

function printFindings({ ipv4, ipv6, router }: NonNullable<SmokeResult["findings"]>): void {
  const report = [pc.bold("What the router does:"), ...router.map(printQuestion)].join("\n");
  process.stdout.write(`\n${[printProof("IPv4", ipv4), printProof("IPv6", ipv6), report].join("\n\n")}\n`);
}

function exitCode({ findings, error, interrupted, removal }: SmokeResult): number {
  if (!removal.clean) return 3;
  if (interrupted !== undefined) return 130;
  const proved = findings !== undefined && holds(findings.ipv4) && holds(findings.ipv6);
  return proved && error === undefined && removal.byDestroy ? 0 : 1;
}

function conclude(result: SmokeResult, json: boolean): void {
  const { findings, error, removal } = result;
  if (findings !== undefined) printFindings(findings);
  if (error !== undefined) process.stderr.write(pc.red(`${error.message}\n`));
  if (removal.clean) process.stdout.write("\nThe API has nothing of this run any more.\n");
  if (json) process.stdout.write(`${JSON.stringify({ ...findings, removal })}\n`);
  process.exitCode = exitCode(result);
}

async function smoke({ json, lab, ...options }: SmokeArguments): Promise<void> {
  if (lab !== undefined && process.env.NSPAWN_LAB !== lab) return inLab(lab, options.yes);
  requireToken(process.env);
  const env = lab === undefined ? { ...process.env, ...(await ensureEngine()).env } : process.env;
  const result = await runSmoke({ ...options, env });
  if (result === undefined) process.stderr.write("nothing was made\n");
  else conclude(result, json);
}

new Command("npm run smoke:hetzner --")
  .description(
    "Makes two servers, two floating addresses and a machine in the project of HCLOUD_TOKEN, proves what `npm start` proves in the lab, reports what the router asks for, and removes everything. The price is shown first.",
  )
  .option("-y, --yes", "do not ask", false)
  .option("--json", "print proofs and findings as one JSON object in the last line", false)
  .option("--lab <name>", "run in this lab instead of a real account; it is made if there is none, and stays")
  .option("--server-type <name>", "of both servers", "cx23")
  .option("--location <name>", "of everything", "fsn1")
  .option("--image <name>", "of both servers", "debian-13")
  .addHelpText(
    "after",
    "\nExit codes: 0 all proofs hold and everything is removed; 1 something failed, everything is removed; 2 usage; 3 SOMETHING IS LEFT AND COSTS MONEY; 130 interrupted, everything is removed.",
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(smoke)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
