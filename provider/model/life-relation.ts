import type { MachineArgs } from "./args";
import type { Place } from "./read/place";
import { isUnknown } from "./unknown";

/** A machine does not start after itself, and what does not come back has no delay. */
export function lifeRelation({ name, startAfter, restart, restartDelay }: MachineArgs, place: Place): void {
  if (typeof restartDelay === "number" && restart === "no")
    place
      .key("restartDelay")
      .refuse('has no effect with restart: "no"; give "on-failure" or "always", or leave it out');
  if (!Array.isArray(startAfter) || isUnknown(name)) return;
  const index = startAfter.indexOf(name);
  if (index >= 0) place.key("startAfter").index(index).refuse("is this machine itself; name others of its host");
}
