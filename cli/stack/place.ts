import { readdirSync } from "node:fs";
import { labExec, labStatus } from "../../lab";
import { labsDir } from "../../lab/core/places";
import { CliError } from "../cli-error";
import { pulumi } from "./pulumi";

/** Options of every command that looks at a stack. */
export interface PlaceOptions {
  lab?: string;
  stack?: string;
}

/** Options of the place, as they were typed, for the command in a lab. */
export const placeFlags = ({ stack }: PlaceOptions): string[] => (stack === undefined ? [] : ["--stack", stack]);

/**
 * Where to look. A lab that is named, or a stack that is named; else the stack that is selected in the current
 * directory; else the lab that runs, of several that of $PULUMI_NSPAWN_LAB. In a lab the command runs itself again at the place `operator`, from where the
 * lab's servers can be reached: then its exit code is returned. Undefined: look from here.
 */
export async function elsewhere(options: PlaceOptions, argv: string[]): Promise<number | undefined> {
  if (options.lab !== undefined && options.lab === process.env.NSPAWN_LAB) return undefined;
  if (options.lab !== undefined) return inLab(options.lab, argv);
  if (process.env.NSPAWN_LAB !== undefined || options.stack !== undefined) return undefined;
  const labs = candidates(runningLabs(), process.env.PULUMI_NSPAWN_LAB);
  if (labs.length === 0 || (await hasSelectedStack())) return undefined;
  const [only, ...more] = labs;
  if (only === undefined || more.length > 0)
    throw new CliError(`several labs run (${labs.join(", ")}): choose one with --lab NAME`, 2);
  return inLab(only, argv);
}

function candidates(running: string[], named: string | undefined): string[] {
  return named !== undefined && running.includes(named) ? [named] : running;
}

function inLab(name: string, argv: string[]): Promise<number> {
  const [node = process.execPath, script = ""] = process.argv;
  return labExec("operator", [node, script, ...argv], { name });
}

/** Beside the labs are their locks, whose names no lab can have. */
function runningLabs(): string[] {
  return entries(labsDir).filter((name) => isRunning(name));
}

/** Only root can see labs; others have none. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isRunning(name: string): boolean {
  try {
    return labStatus(name).state === "running";
  } catch {
    return false;
  }
}

async function hasSelectedStack(): Promise<boolean> {
  try {
    return (await pulumi(["stack", "--show-name"])).code === 0;
  } catch {
    return false;
  }
}
