import { apart } from "../mode";
import type { Trial } from "../trial";
import { machinesAlone } from "./alone";
import { arp } from "./arp";
import { escape } from "./escape";
import { flood } from "./flood";
import { layer2 } from "./layer2";
import { lldp } from "./lldp";
import { macvlan } from "./macvlan";
import { lease } from "./lease";
import { legitimate } from "./legitimate";
import { hidden } from "./nat";
import { nd } from "./nd";
import { fromPeer } from "./peer";
import { across, reach } from "./reach";
import { router } from "./router";
import { source } from "./source";
import { subnets } from "./subnets";
import { encapsulated } from "./tunnel";
import { uplink } from "./uplink";

/** What machines may not do to each other. */
const betweenTenants = (list: readonly Trial[]): Trial[] => list.map((trial) => ({ modes: apart, ...trial }));

/** All attacks, in the order in which they run: what leaves much behind comes last, and controls that give ports back to networkd. */
export const attacks: readonly Trial[] = [
  ...betweenTenants(arp),
  ...betweenTenants(nd),
  ...betweenTenants(router),
  ...betweenTenants(source),
  ...betweenTenants(layer2),
  ...uplink,
  ...lease,
  ...hidden,
  ...machinesAlone,
  ...macvlan,
  ...encapsulated,
  ...fromPeer,
  ...reach,
  ...across,
  ...subnets,
  ...escape,
  ...betweenTenants(flood),
  ...lldp,
];

export { legitimate };

/** Those of a list that make sense in a mode and one of some combinations. */
export function fitting(list: readonly Trial[], mode: string, combinations: readonly string[]): Trial[] {
  const fits = (allowed: readonly string[] | undefined, one: string): boolean =>
    allowed === undefined || allowed.includes(one);
  return list.filter((trial) => fits(trial.modes, mode) && combinations.some((name) => fits(trial.combinations, name)));
}
