import type { MachineArgs } from "./args";
import type { Place } from "./read/place";
import { isUnknown } from "./unknown";

/** Of two limits of memory the one that slows down comes before the one that kills, as far as they are known; a quota is of a tree that stays. */
export function limitsRelation({ limits, ephemeral }: MachineArgs, place: Place): void {
  if (limits === undefined || isUnknown(limits)) return;
  if (limits.diskQuota !== undefined && ephemeral === true)
    place
      .key("limits")
      .key("diskQuota")
      .refuse(
        "cannot hold an ephemeral machine back: what it writes is in a snapshot beside its tree; leave one of the two out",
      );
  const { memoryHigh, memoryMax } = limits;
  if (typeof memoryHigh !== "number" || typeof memoryMax !== "number" || memoryHigh <= memoryMax) return;
  place
    .key("limits")
    .key("memoryHigh")
    .refuse(`must be at most memoryMax, ${memoryMax}, which kills before it is reached (got ${memoryHigh})`);
}
