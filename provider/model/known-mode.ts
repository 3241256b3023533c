import { bridgeDefaults } from "./defaults";
import type { Attach, Isolation, Mode } from "./mode";
import { isKnown } from "./unknown";

const known = <T extends string>(value: T | undefined, otherwise: T): T => (isKnown(value) ? value : otherwise);

/** What is meant where nothing is said, or where a preview does not know yet. */
export const knownMode = (mode: Mode | undefined): Mode => known(mode, bridgeDefaults.mode);
export const knownAttach = (attach: Attach | undefined): Attach => known(attach, bridgeDefaults.attach);
export const knownIsolation = (isolation: Isolation | undefined): Isolation =>
  known(isolation, bridgeDefaults.isolation);
