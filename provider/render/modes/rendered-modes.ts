import { knownMode } from "../../model/known-mode";
import type { Mode } from "../../model/mode";
import type { RenderedMode } from "./rendered-mode";
import { routed } from "./routed";
import { transparent } from "./transparent";

const renderedModes: Record<Mode, RenderedMode> = { routed, transparent };

export const renderedMode = (mode: Mode | undefined): RenderedMode => renderedModes[knownMode(mode)];
