import type { Trial } from "../trial";
import { machinesAlone } from "./alone";
import { arp } from "./arp";
import { escape } from "./escape";
import { flood } from "./flood";
import { layer2 } from "./layer2";
import { lease } from "./lease";
import { legitimate } from "./legitimate";
import { hidden } from "./nat";
import { nd } from "./nd";
import { across, reach } from "./reach";
import { router } from "./router";
import { source } from "./source";
import { uplink } from "./uplink";

/** All attacks, in the order in which they run: what leaves much behind comes last. */
export const attacks: readonly Trial[] = [
  ...arp,
  ...nd,
  ...router,
  ...source,
  ...layer2,
  ...uplink,
  ...lease,
  ...hidden,
  ...machinesAlone,
  ...reach,
  ...across,
  ...escape,
  ...flood,
];

export { legitimate };

/** Those of a list that make sense in a mode and one of some combinations. */
export function fitting(list: readonly Trial[], mode: string, combinations: readonly string[]): Trial[] {
  const fits = (allowed: readonly string[] | undefined, one: string): boolean =>
    allowed === undefined || allowed.includes(one);
  return list.filter((trial) => fits(trial.modes, mode) && combinations.some((name) => fits(trial.combinations, name)));
}
