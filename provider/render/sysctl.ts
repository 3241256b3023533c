import { hostText } from "../host/text";
import { limitSysctls, ownSysctls } from "../model/own-sysctls";
import { limitsScript as path } from "../model/paths";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";
import { ini } from "./ini";

/** sysctl.d(5): the settings that are what they say, the library's own and a program's. */
export function sysctlFile(extra: Record<string, string>): string {
  if (isUnknown(extra)) return UNKNOWN;
  const own = Object.entries(ownSysctls).map(([name, value]) => `${name} = ${value}\n`);
  const theirs = Object.keys(extra)
    .filter((name) => !Object.hasOwn(ownSysctls, name))
    .sort()
    .map((name) => `${name} = ${extra[name]}\n`);
  return header + [...own, ...theirs].join("");
}

/**
 * The script that raises limits at boot. No file of sysctl.d could: whichever is read last wins, whether it says more or
 * less. What the kernel lacks, what is no number, and what a program sets itself is left alone.
 */
export function limitsScript(extra: Record<string, string>): string {
  if (isUnknown(extra)) return UNKNOWN;
  const limits = Object.entries(limitSysctls).filter(([name]) => !Object.hasOwn(extra, name));
  const lines = limits.map(([name, least]) => `raise ${name} ${least}\n`);
  return `#!/bin/sh\n${header}${hostText("raise.sh")}${lines.join("")}`;
}

/** Runs it after systemd-sysctl, which is before sysinit.target. */
export const limitsUnit = ini([
  ["Unit", { Description: "Raise limits of the kernel for nspawn machines", Before: "machines.target" }],
  ["Service", { Type: "oneshot", ExecStart: path }],
  ["Install", { WantedBy: "multi-user.target" }],
]);
