import { hostText } from "../host/text";
import type { MachineArgs } from "../model/args";
import { mountsScript } from "../model/paths";
import { UNKNOWN, hasUnknown } from "../model/unknown";
import { header } from "./header";
import { mountSources } from "./settings";

/** What a machine's unit runs before it starts; the program on the host has noted where each folder was. */
export function mountsCheck(args: MachineArgs): string | undefined {
  if (hasUnknown(args.settings)) return UNKNOWN;
  return mountSources(args).length === 0
    ? undefined
    : `#!/bin/sh\n${header}${hostText("mount-state.sh")}${hostText("mounts.sh")}`;
}

/** The command of it. */
export const mountsChecked = (machine: string): string => `/bin/sh ${mountsScript(machine)} ${machine}`;

/** Among the live facts. */
export function mountFacts(args: MachineArgs): Record<string, string> {
  if (hasUnknown(args.settings)) return {};
  return Object.fromEntries(mountSources(args).map((source) => [source, "there"]));
}
