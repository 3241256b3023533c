import type { MachineArgs } from "../model/args";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";

/** The file by which the program on the host knows a machine's quota, host/steps/quota.sh. */
export function diskQuota({ limits }: MachineArgs): string | undefined {
  if (limits === undefined) return undefined;
  if (isUnknown(limits) || isUnknown(limits.diskQuota) || isUnknown(limits.optional)) return UNKNOWN;
  if (limits.diskQuota === undefined) return undefined;
  return `${header}DiskQuota=${limits.diskQuota}\n${limits.optional === true ? "Optional=yes\n" : ""}`;
}

/** Among the limits that are in force. */
export function quotaFact({ limits }: MachineArgs): Record<string, string> {
  if (limits === undefined || isUnknown(limits) || limits.diskQuota === undefined) return {};
  return { DiskQuota: isUnknown(limits.diskQuota) ? UNKNOWN : String(limits.diskQuota) };
}
