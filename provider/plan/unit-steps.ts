import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import type { Step } from "./step";

/** Every unit that is wanted enabled or active. */
export function unitNames(desired: Desired): string[] {
  return [...new Set([desired.boot.units, desired.live.units].flatMap((fact) => Object.keys(factAs.named(fact))))];
}

/** Brings units to what is wanted, now and at the next boot. */
export function unitSteps(desired: Desired): Step[] {
  const enabled = factAs.named(desired.boot.units);
  const active = factAs.named(desired.live.units);
  return unitNames(desired).map((unit) => ({
    verb: "unit",
    unit,
    enabled: enabled[unit] ?? "-",
    active: active[unit] ?? "-",
  }));
}
