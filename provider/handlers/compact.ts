import { canonicalJson } from "../model/digest";

type Values = Record<string, unknown>;

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of one object as a default stands for each object of a list. */
function patternOf(usual: unknown): Values | undefined {
  const [pattern, ...more] = Array.isArray(usual) ? (usual as unknown[]) : [];
  return more.length === 0 && isObject(pattern) ? pattern : undefined;
}

/** Whether it says what parts are by default, and not what the whole is. */
function isOfParts(usual: unknown): boolean {
  return patternOf(usual) !== undefined || (isObject(usual) && Object.keys(usual).length > 0);
}

function inEach(list: unknown, usual: unknown, change: (value: object, usual: object) => Values): unknown {
  const pattern = patternOf(usual);
  if (!Array.isArray(list) || pattern === undefined) return list;
  return list.map((item: unknown) => (isObject(item) ? change(item, pattern) : item));
}

/** Leaves out what equals its default, inside objects and lists as well: state holds what a program said, and stays small. */
export function compact(values: object, defaults: object): Values {
  const usual = defaults as Values;
  const kept = Object.entries(values as Values).flatMap(([name, value]): [string, unknown][] => {
    if (name in usual && !isOfParts(usual[name]) && canonicalJson(value) === canonicalJson(usual[name])) return [];
    const inner = isObject(value) && isObject(usual[name]) ? compact(value, usual[name]) : value;
    return [[name, inEach(inner, usual[name], compact)]];
  });
  return Object.fromEntries(kept);
}

/** The opposite of {@link compact}. An object or list that is not there stays so, whatever its parts would be. */
export function complete(values: object, defaults: object): Values {
  const result: Values = { ...(values as Values) };
  for (const [name, usual] of Object.entries(defaults as Values)) {
    if (result[name] === undefined) result[name] = isOfParts(usual) ? undefined : usual;
    else if (isObject(result[name]) && isObject(usual)) result[name] = complete(result[name], usual);
    else result[name] = inEach(result[name], usual, complete);
  }
  return result;
}
