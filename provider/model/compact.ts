import { canonicalJson } from "./digest";
import { isPlainObject } from "./read/plain-object";

type Values = Record<string, unknown>;

/** A list of one object as a default stands for each object of a list. */
function patternOf(usual: unknown): Values | undefined {
  const [pattern, ...more] = Array.isArray(usual) ? (usual as unknown[]) : [];
  return more.length === 0 && isPlainObject(pattern) ? pattern : undefined;
}

/** Whether it says what parts are by default, and not what the whole is. */
function isOfParts(usual: unknown): boolean {
  return patternOf(usual) !== undefined || (isPlainObject(usual) && Object.keys(usual).length > 0);
}

function inEach(list: unknown, usual: unknown, change: (value: object, usual: object) => Values): unknown {
  const pattern = patternOf(usual);
  if (!Array.isArray(list) || pattern === undefined) return list;
  return list.map((item: unknown) => (isPlainObject(item) ? change(item, pattern) : item));
}

/** Leaves out what equals its default, inside objects and lists as well: state holds what a program said, and stays small. */
export function compact(values: object, defaults: object): Values {
  const usual = defaults as Values;
  const kept = Object.entries(values as Values).flatMap(([name, value]): [string, unknown][] => {
    if (name in usual && !isOfParts(usual[name]) && canonicalJson(value) === canonicalJson(usual[name])) return [];
    const inner = isPlainObject(value) && isPlainObject(usual[name]) ? compact(value, usual[name]) : value;
    return [[name, inEach(inner, usual[name], compact)]];
  });
  return Object.fromEntries(kept);
}

/** The opposite of {@link compact}. An object or list that is not there stays so, whatever its parts would be. */
export function complete(values: object, defaults: object): Values {
  const result: Values = { ...(values as Values) };
  for (const [name, usual] of Object.entries(defaults as Values)) {
    if (result[name] === undefined) result[name] = isOfParts(usual) ? undefined : usual;
    else if (isPlainObject(result[name]) && isPlainObject(usual)) result[name] = complete(result[name], usual);
    else result[name] = inEach(result[name], usual, complete);
  }
  return result;
}
