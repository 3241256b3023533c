import { hasUnknown, isUnknown } from "../unknown";
import { type Reader, orUnknown, refused } from "./reader";

export interface ListRule {
  min?: number;
  /** 100 by default. */
  max?: number;
  /** What the error calls an element that stands twice; `undefined` lets it pass. */
  twice?: string;
  /** Ends the error about too many elements. */
  why?: string;
}

export function list<T>(element: Reader<T>, rule: ListRule = {}): Reader<T[]> {
  const { min = 0, max = 100 } = rule;
  return orUnknown((value, place) => {
    if (!Array.isArray(value)) {
      place.refuseValue("must be a list", value);
      return refused();
    }
    if (value.length < min || value.length > max) {
      place.refuse(`must have ${min} to ${max} elements (got ${value.length})${rule.why ? `; ${rule.why}` : ""}`);
      return refused();
    }
    const read = Array.from(value, (item: unknown, index) => element(item, place.index(index)));
    if (rule.twice !== undefined) {
      read.forEach((item, index) => {
        const first = read.indexOf(item);
        if (first !== index && !isUnknown(item)) place.index(index).refuse(`${rule.twice} twice, first at [${first}]`);
      });
    }
    return read;
  });
}

/** A list whose order means nothing: sorted, each element once. */
export function set(element: Reader<string>, rule: ListRule = {}): Reader<string[]> {
  const read = list(element, rule);
  return (value, place) => {
    const items = read(value, place);
    return hasUnknown(items) ? items : [...new Set(items)].sort();
  };
}
