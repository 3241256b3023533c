import { factAs } from "../model/fact/fact-as";
import type { Desired } from "../model/desired";
import type { MachineArgs } from "../model/args";
import { healthService, healthTimer } from "../model/paths";
import { unitSteps } from "./unit-steps";
import type { Step } from "./step";

/** Whether the checks ask the machine's service manager, which they do by D-Bus. */
export const needsBus = ({ health }: MachineArgs): boolean =>
  health?.command !== undefined || health?.manager !== undefined;

/** Brings what looks after a machine to what is wanted: its timer runs whether or not the machine does. */
export function healthSteps({ name }: MachineArgs, desired: Desired): Step[] {
  const own = [healthService(name), healthTimer(name)];
  const of = (units: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(units).filter(([unit]) => own.includes(unit)));
  const [enabled, active] = [desired.boot.units, desired.live.units].map((fact) => of(factAs.named(fact)));
  return unitSteps({ ...desired, boot: { units: enabled ?? {} }, live: { units: active ?? {} } });
}
