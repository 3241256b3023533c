import type { Parsed } from "./problem";
import { Place } from "./read/place";
import type { Reader } from "./read/reader";

/** Reads all arguments of a resource, then what has to hold between them. */
export function parse<T>(read: Reader<T>, relations: (value: T, place: Place) => void, inputs: unknown): Parsed<T> {
  const place = Place.root();
  const value = read(inputs, place);
  if (typeof value === "object" && value !== null) relations(value, place);
  return place.problems.length === 0 ? { ok: true, value } : { ok: false, problems: place.problems };
}
