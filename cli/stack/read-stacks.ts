import { CliError } from "../cli-error";
import type { Deployment, StackResource } from "./deployment";
import { openSecrets } from "./open-secrets";
import { pulumi } from "./pulumi";

interface ReadOptions {
  /** As `pulumi --stack` takes it. Default: the one that is selected in the current directory. */
  stack?: string;
  /** Whether secrets are opened, to log in with; they stay in memory. */
  secrets?: boolean;
}

/** The stack that is asked for; in a lab, where there is no selected one, all of the lab's. */
export async function readStacks(options: ReadOptions): Promise<Deployment[]> {
  const first = await exported(options.stack, options.secrets === true);
  if (typeof first !== "string") return [first];
  const inLab = process.env.NSPAWN_LAB !== undefined && options.stack === undefined;
  const names = inLab ? await allStacks() : [];
  if (names.length === 0) throw new CliError(inLab ? noStack() : unreadable(options.stack, first), 3);
  const all = await Promise.all(names.map((name) => exported(name, options.secrets === true)));
  return all.filter((deployment) => typeof deployment !== "string");
}

function noStack(): string {
  return `the lab "${process.env.NSPAWN_LAB}" has no stack: deploy one there (npm start, or \`pulumi up\` at its place operator), or name another: --lab NAME`;
}

function unreadable(stack: string | undefined, reason: string): string {
  const which = stack === undefined ? "the stack of the current directory" : `the stack ${JSON.stringify(stack)}`;
  return `cannot read ${which}: ${reason}; go to the program's directory and select a stack (pulumi stack select), or name one: --stack, --lab`;
}

/** The deployment, or why it cannot be read. */
async function exported(stack: string | undefined, secrets: boolean): Promise<Deployment | string> {
  const which = stack === undefined ? [] : ["--stack", stack];
  const { code, stdout, stderr } = await pulumi(["stack", "export", ...which, ...(secrets ? ["--show-secrets"] : [])]);
  if (code !== 0) return stderr.replace(/^error: /, "").trim() || `pulumi exited with ${code}`;
  const { deployment } = JSON.parse(stdout) as { deployment?: { resources?: StackResource[] } };
  const resources = (openSecrets(deployment?.resources ?? []) as StackResource[]) ?? [];
  return { stack: stack ?? nameOf(resources), resources };
}

/** The stack's name is part of every URN: `urn:pulumi:STACK::PROJECT::…`. */
function nameOf(resources: StackResource[]): string {
  return resources[0]?.urn.split(":")[2] ?? "(empty)";
}

async function allStacks(): Promise<string[]> {
  const { code, stdout } = await pulumi(["stack", "ls", "--all", "--json"]);
  return code === 0 ? (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name) : [];
}
