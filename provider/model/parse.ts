import type { CommonArgs } from "./args";
import type { Parsed } from "./problem";
import { Place } from "./read/place";
import type { Reader } from "./read/reader";
import { oneOfEach } from "./rule/connection";

/** Reads all arguments of a resource, then what has to hold between them. */
export function parse<T extends CommonArgs>(
  read: Reader<T>,
  relations: (value: T, place: Place) => void,
  inputs: unknown,
): Parsed<T> {
  const place = Place.root();
  const value = read(inputs, place);
  if (typeof value === "object" && value !== null) {
    oneOfEach(value.connection, value.credentials, place);
    relations(value, place);
  }
  return place.problems.length === 0 ? { ok: true, value } : { ok: false, problems: place.problems };
}
