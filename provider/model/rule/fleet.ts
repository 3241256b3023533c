import type { FleetMembershipArgs } from "../args";
import { fleetDefaults } from "../defaults";
import { object, optional, required } from "../read/object";
import { integer } from "../read/scalar";
import { identifier } from "./name";

/** Which fleet a machine is a member of. */
export const fleet = object<FleetMembershipArgs>({
  name: required(identifier),
  maxUnavailable: optional(integer(1, 10_000), fleetDefaults.maxUnavailable),
});
