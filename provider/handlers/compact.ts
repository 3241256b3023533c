import { canonicalJson } from "../model/digest";

type Values = Record<string, unknown>;

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Leaves out what equals its default, inside objects as well: state holds what a program said, and stays small. */
export function compact(values: object, defaults: object): Values {
  const usual = defaults as Values;
  const kept = Object.entries(values as Values).flatMap(([name, value]): [string, unknown][] => {
    if (name in usual && canonicalJson(value) === canonicalJson(usual[name])) return [];
    return [[name, isObject(value) && isObject(usual[name]) ? compact(value, usual[name]) : value]];
  });
  return Object.fromEntries(kept);
}

/** The opposite of {@link compact}. */
export function complete(values: object, defaults: object): Values {
  const result: Values = { ...(values as Values) };
  for (const [name, usual] of Object.entries(defaults as Values)) {
    if (result[name] === undefined) result[name] = usual;
    else if (isObject(result[name]) && isObject(usual)) result[name] = complete(result[name], usual);
  }
  return result;
}
