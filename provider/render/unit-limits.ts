import type { MachineArgs } from "../model/args";
import { UNKNOWN, hasUnknown, isUnknown } from "../model/unknown";
import { ini } from "./ini";
import { mountsChecked } from "./mounts";
import { mountSources } from "./settings";
import { beforeStart, lifeOfService, lifeOfUnit } from "./unit-life";

/** What a machine's `limits` are called by systemd.resource-control(5). */
export function limitFacts({ limits }: MachineArgs): Record<string, string> {
  if (limits === undefined || isUnknown(limits)) return {};
  const { cpuQuota, cpuWeight, memoryHigh, memoryMax, tasksMax, ioWeight } = limits;
  const given: Record<string, number | undefined> = {
    CPUQuota: cpuQuota,
    CPUWeight: cpuWeight,
    IOWeight: ioWeight,
    MemoryHigh: memoryHigh,
    MemoryMax: memoryMax,
    TasksMax: tasksMax,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => {
      if (value === undefined) return [];
      if (isUnknown(value)) return [[key, UNKNOWN]];
      return [[key, key === "CPUQuota" ? `${value}%` : String(value)]];
    }),
  );
}

/**
 * The drop-in of a machine's unit that takes effect while it runs: limits, restarts, order. A path that is mounted into the machine must
 * not lead through a link, whoever makes one later.
 */
export function unitLimits(args: MachineArgs): string | undefined {
  if (isUnknown(args.limits) || hasUnknown(args.settings)) return UNKNOWN;
  const limits = limitFacts(args);
  const sources = mountSources(args);
  const before = [...(sources.length === 0 ? [] : [mountsChecked(args.name)]), ...beforeStart(args)];
  if (Object.keys(limits).length === 0 && before.length === 0) return undefined;
  const paths = [...new Set(sources.flatMap(prefixes))].sort();
  return ini([
    // A volume that is mounted late, or not at all (`nofail`), is waited for.
    [
      "Unit",
      {
        ...lifeOfUnit(args),
        RequiresMountsFor: sources,
        AssertPathIsSymbolicLink: paths.map((path) => `!${path}`),
      },
    ],
    ["Service", { ExecStartPre: before, ...lifeOfService(args), ...limits }],
  ]);
}

/** `/srv/a/b`: `/srv`, `/srv/a`, `/srv/a/b`. */
function prefixes(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
