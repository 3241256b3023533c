import { knownMode } from "../../model/known-mode";
import type { Mode } from "../../model/mode";
import { isolated } from "./isolated";
import type { PlannedMode } from "./planned-mode";
import { routed } from "./routed";
import { transparent } from "./transparent";

const plannedModes: Record<Mode, PlannedMode> = { isolated, routed, transparent };

export const plannedMode = (mode: Mode | undefined): PlannedMode => plannedModes[knownMode(mode)];
