import { knownMode } from "../../model/known-mode";
import type { Mode } from "../../model/mode";
import { isolated } from "./isolated";
import { nat } from "./nat";
import type { RenderedMode } from "./rendered-mode";
import { routed } from "./routed";
import { transparent } from "./transparent";

const renderedModes: Record<Mode, RenderedMode> = { isolated, nat, routed, transparent };

export const renderedMode = (mode: Mode | undefined): RenderedMode => renderedModes[knownMode(mode)];
