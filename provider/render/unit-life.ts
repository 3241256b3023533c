import { hostText } from "../host/text";
import type { MachineArgs } from "../model/args";
import { machineUnit, startScript } from "../model/paths";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";
import { healthRestarts } from "./health";

/** Seconds from the end of a machine until it is started again, where a program does not say. */
const usualDelay = 2;

type Life = Pick<MachineArgs, "name" | "restart" | "restartDelay" | "startAfter" | "health">;
type Keys = Record<string, string | string[] | undefined>;

const restarts = ({ restart }: Life): boolean => restart !== "no";
/** Starts only when somebody starts it, and after nobody. */
const isPlain = (args: Life): boolean => !restarts(args) && args.startAfter === undefined && !healthRestarts(args);
/** Whether nobody knows that yet. */
const isUnsure = (args: Life): boolean =>
  args.startAfter === undefined && (isUnknown(args.restart) || isUnknown(healthRestarts(args)));

/** What a machine's unit runs before each start, where it may start by itself at any time, or after others. */
export function startCheck(args: Life): string | undefined {
  if (isPlain(args)) return undefined;
  return isUnsure(args) ? UNKNOWN : `#!/bin/sh\n${header}${hostText("start.sh")}`;
}

/** `[Unit]`: its place among others; and however often it ended, it is started again. */
export function lifeOfUnit(args: Life): Keys {
  return {
    After: (args.startAfter ?? []).map(machineUnit),
    StartLimitIntervalSec: restarts(args) ? "0" : undefined,
  };
}

/** `[Service]`: what happens at its end, systemd.service(5). */
export function lifeOfService(args: Life): Keys {
  if (!restarts(args)) return {};
  return { Restart: args.restart, RestartSec: String(args.restartDelay ?? usualDelay) };
}

/** The command of {@link startCheck}. */
export function beforeStart(args: Life): string[] {
  if (isUnsure(args)) return [UNKNOWN];
  return isPlain(args) ? [] : [["/bin/sh", startScript(args.name), args.name, ...(args.startAfter ?? [])].join(" ")];
}
