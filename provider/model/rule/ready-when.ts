import type { ReadyConditionsArgs, ReadyWhenArgs } from "../args";
import { object, optional, required } from "../read/object";
import { isPlainObject } from "../read/plain-object";
import { type Reader, orUnknown, refused } from "../read/reader";
import { integer } from "../read/scalar";
import { text } from "../read/text";

const words: readonly unknown[] = ["started", "running"];

const reachable: Reader<true> = orUnknown((value, place) => {
  if (value === true) return value;
  place.refuseValue('must be true; where nothing is demanded, "running" is what is waited for', value);
  return refused();
});
const port = integer(1, 65_535);
const path = text({
  allowed: "be a path from `/`, as a URL has it: printable ASCII without spaces",
  max: 1024,
  test: (given) => /^\/[!-~]*$/.test(given),
});
const conditions = object<ReadyConditionsArgs>({
  reachable: optional(reachable),
  tcp: optional(port),
  http: optional(object<NonNullable<ReadyConditionsArgs["http"]>>({ port: required(port), path: optional(path) })),
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
