import { list } from "../read/list";
import { type Reader, orUnknown, refused } from "../read/reader";
import { oneOf } from "../read/scalar";
import { machineName } from "./name";

const word = oneOf(["all", "none"]);
const groups = list(list(machineName, { min: 1, max: 1023, twice: "is in the group" }), { min: 1, max: 64 });

/** `all`, `none`, or groups of machine names. */
export const allowBetween: Reader<"all" | "none" | string[][]> = orUnknown((value, place) => {
  if (Array.isArray(value)) return groups(value, place);
  if (typeof value === "string") return word(value, place);
  place.refuseValue('must be "all", "none", or a list of groups of machine names', value);
  return refused();
});
