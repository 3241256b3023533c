import { type Reader, orUnknown, refused } from "./reader";

export const flag: Reader<boolean> = orUnknown((value, place) => {
  if (typeof value === "boolean") return value;
  place.refuseValue("must be true or false", value);
  return refused();
});

/** A wish that is there or left out; `instead` says what to do in the place of another value. */
export const onlyTrue = (instead: string): Reader<true> =>
  orUnknown((value, place) => {
    if (value === true) return value;
    place.refuseValue(`must be true; ${instead}`, value);
    return refused();
  });

/** `why` says what is wrong with a number that is not among them. */
export function integer(low: number, high: number, why?: string): Reader<number> {
  return orUnknown((value, place) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
    place.refuseValue(`must be an integer from ${low} to ${high}${why === undefined ? "" : `; ${why}`}`, value);
    return refused();
  });
}

/** One of a closed list of words. `others` says why a word that one might expect is not among them. */
export function oneOf<T extends string>(words: readonly T[], others: Record<string, string> = {}): Reader<T> {
  return orUnknown((value, place) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const why = typeof value === "string" && Object.hasOwn(others, value) ? `; ${others[value]}` : "";
    place.refuseValue(`must be ${words.map((word) => `"${word}"`).join(" or ")}${why}`, value);
    return refused();
  });
}
