import { machineUnit } from "../../provider/model/paths";
import type { Machine } from "../stack/machines";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";

/** Whether it is down because the program has `running: false`. */
export function isDownAsDeclared({ name, wanted }: Machine, { facts }: Found): boolean {
  const state = facts.units.get(machineUnit(name))?.active ?? "";
  return wanted === "stopped" && ["inactive", "failed"].includes(state);
}

/** The machine runs and has finished starting, or is down as the program has it: S1.30, S1.31. */
export function machineHop(machine: Machine, found: Found): Hop {
  const { name, wanted, readyWhen } = machine;
  const unit = machineUnit(name);
  if (isDownAsDeclared(machine, found)) return hop("machine", unit, true, "is stopped, as the program has it", "");
  const active = found.facts.units.get(unit)?.active || "unknown";
  if (active !== "active") {
    const advice = `journalctl -u ${unit} on the host; \`pulumi up --refresh\` starts it`;
    return hop("machine", unit, false, `is ${active}${journal(name, found)}`, advice);
  }
  const ready = found.path.inside.get(name)?.state ?? "";
  const seen = `is active, its service manager says ${ready || "nothing"}`;
  if (wanted === "stopped") {
    return hop(
      "machine",
      unit,
      false,
      `${seen}, although the program has running: false`,
      "`pulumi up --refresh` stops it",
    );
  }
  const ok = readyWhen === "started" || ["running", "degraded"].includes(ready);
  return hop("machine", unit, ok, seen, `systemctl --machine=${name} list-jobs on the host says what it waits for`);
}

function journal(name: string, { path }: Found): string {
  const lines = path.journals.get(name) ?? "";
  return lines === "" ? "" : `; journal: ${lines.replaceAll("\n", " | ")}`;
}
