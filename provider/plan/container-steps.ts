import type { MachineArgs } from "../model/args";
import { machineUnit } from "../model/paths";
import { limitFacts } from "../render/unit-limits";
import { mountSources } from "../render/settings";
import type { Draft } from "./draft";
import { controllers } from "../model/limit-names";

/** What the host has to have for a machine's limits and mounts; looked at before anything is changed. */
export function containerChecks(draft: Draft, args: MachineArgs, key: string): void {
  const names = [...new Set(Object.keys(limitFacts(args)).map((limit) => controllers[limit] ?? ""))].sort();
  const optional = args.limits?.optional === true ? "yes" : "no";
  if (names.length > 0) draft.add({ verb: "controllers", names: names.join(" "), optional });
  if (args.limits?.diskQuota !== undefined) draft.add({ verb: "quota_fits", optional });
  const sources = sourceLines(args);
  if (sources !== "") draft.add({ verb: "mount_sources", key, text: draft.text(sources) });
}

function sourceLines(args: MachineArgs): string {
  return mountSources(args)
    .map((source) => `${source}\t${isMapped(args, source) ? "rootidmap" : "-"}\n`)
    .join("");
}

/** Where each folder is, for the machine's next start. */
export function containerMounts(draft: Draft, args: MachineArgs): void {
  const sources = sourceLines(args);
  if (sources !== "") draft.add({ verb: "remember_mounts", text: draft.text(sources) });
}

function isMapped({ settings }: MachineArgs, path: string): boolean {
  const { bind = [], bindReadOnly = [] } = settings?.files ?? {};
  return [...bind, ...bindReadOnly].some(({ source, map }) => source === path && map !== undefined);
}

/** Limits that somebody changed at run time, and the quota of the tree; its files are in place. */
export function containerLimits(draft: Draft, args: MachineArgs): void {
  draft.add({ verb: "quota", machine: args.name });
  const names = Object.keys(limitFacts(args)).join(" ");
  if (names !== "") draft.add({ verb: "limits", unit: machineUnit(args.name), names });
}
