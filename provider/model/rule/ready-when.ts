import type { ReadyConditionsArgs, ReadyWhenArgs } from "../args";
import { object, optional } from "../read/object";
import { isPlainObject } from "../read/plain-object";
import { type Reader, orUnknown, refused } from "../read/reader";
import { onlyTrue } from "../read/scalar";
import { http, port } from "./service";

const words: readonly unknown[] = ["started", "running"];

const reachable = onlyTrue('where nothing is demanded, "running" is what is waited for');
const conditions = object<ReadyConditionsArgs>({
  reachable: optional(reachable),
  tcp: optional(port),
  http: optional(http),
});

/** A word, or an object of conditions. */
export const readyWhen: Reader<ReadyWhenArgs> = orUnknown((value, place) => {
  if (words.includes(value)) return value as ReadyWhenArgs;
  if (isPlainObject(value) && Object.values(value).some((condition) => condition !== undefined))
    return conditions(value, place);
  place.refuseValue(
    'must be "started" or "running" or an object of conditions: { reachable: true }, { tcp: 5432 }, { http: { port: 80 } }',
    value,
  );
  return refused();
});
