import { knownMode } from "../../model/known-mode";
import type { Mode } from "../../model/mode";
import { isolated } from "./isolated";
import { nat } from "./nat";
import type { PlannedMode } from "./planned-mode";
import { routed } from "./routed";
import { transparent } from "./transparent";

const plannedModes: Record<Mode, PlannedMode> = { isolated, nat, routed, transparent };

export const plannedMode = (mode: Mode | undefined): PlannedMode => plannedModes[knownMode(mode)];
