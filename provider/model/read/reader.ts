import { UNKNOWN, isUnknown } from "../unknown";
import type { Place } from "./place";

/**
 * Reads one value. An unknown passes as it is; a refused value is noted at its place and reads as unknown, so that
 * the checks between values skip it like any other unknown.
 */
export type Reader<T> = (value: unknown, place: Place) => T;

/** What a refused value reads as. */
export function refused<T>(): T {
  return UNKNOWN as T;
}

/** A reader that lets unknowns pass before `read` looks at the value. */
export function orUnknown<T>(read: Reader<T>): Reader<T> {
  return (value, place) => (isUnknown(value) ? refused<T>() : read(value, place));
}
