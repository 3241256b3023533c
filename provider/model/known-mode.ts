import { bridgeDefaults } from "./defaults";
import type { Isolation, Mode } from "./mode";
import { isKnown } from "./unknown";

const known = <T extends string>(value: T | undefined, otherwise: T): T => (isKnown(value) ? value : otherwise);

/** What is meant where nothing is said, or where a preview does not know yet. */
export const knownMode = (mode: Mode | undefined): Mode => known(mode, bridgeDefaults.mode);
export const knownAttach = <A extends string>(attach: A | undefined): A | typeof bridgeDefaults.attach =>
  known<A | typeof bridgeDefaults.attach>(attach, bridgeDefaults.attach);
export const knownIsolation = (isolation: Isolation | undefined): Isolation =>
  known(isolation, bridgeDefaults.isolation);
