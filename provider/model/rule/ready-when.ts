import type { ReadyWhenArgs } from "../args";
import { isPlainObject } from "../read/plain-object";
import { type Reader, orUnknown, refused } from "../read/reader";
import { isUnknown } from "../unknown";

const words: readonly unknown[] = ["started", "running"];

/** A word, or an object of one condition. */
export const readyWhen: Reader<ReadyWhenArgs> = orUnknown((value, place) => {
  if (words.includes(value)) return value as ReadyWhenArgs;
  if (isPlainObject(value) && Object.keys(value).join() === "reachable") {
    const { reachable } = value;
    if (reachable === true || isUnknown(reachable)) return { reachable: true };
    place
      .key("reachable")
      .refuseValue('must be true; where nothing is demanded, "running" is what is waited for', reachable);
  } else place.refuseValue('must be "started" or "running" or { reachable: true }', value);
  return refused();
});
