import { limitSysctls, ownSysctls } from "../model/own-sysctls";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";

/** sysctl.d(5). A program's own settings win over the limits; a `-` lets a setting be that this kernel does not have. */
export function sysctlFile(extra: Record<string, string>): string {
  if (isUnknown(extra)) return UNKNOWN;
  const own = Object.entries(ownSysctls).map(([name, value]) => `${name} = ${value}\n`);
  const limits = Object.entries(limitSysctls)
    .filter(([name]) => !Object.hasOwn(extra, name))
    .map(([name, value]) => `-${name} = ${value}\n`);
  const theirs = Object.keys(extra)
    .filter((name) => !Object.hasOwn(ownSysctls, name))
    .sort()
    .map((name) => `${name} = ${extra[name]}\n`);
  return header + [...own, ...limits, ...theirs].join("");
}
