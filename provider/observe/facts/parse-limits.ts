import { limitProperties } from "../../model/limit-names";

/** Microseconds. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["us", 1],
  ["ms", 1e3],
  ["s", 1e6],
  ["min", 6e7],
  ["h", 3.6e9],
  ["d", 8.64e10],
  ["w", 6.048e11],
]);
/** Characters of the longest value: seven numbers with their units. */
const mostValue = 100;

/** Limits as a unit's block of `Key=value` has them, by the names that they have in its files; a limit that is not set is left out. */
export function parseLimits(value: (property: string) => string): Record<string, string> {
  const all = limitProperties.map((property): [string, string] => {
    const said = value(property).slice(0, mostValue);
    if (property === "CPUQuotaPerSecUSec") return ["CPUQuota", said === "" ? "" : percent(said)];
    return [property, said];
  });
  return Object.fromEntries(all.filter(([, said]) => said !== "" && said !== "[not set]"));
}

/** `1min 1.500000s` of each second is 6150 percent of one CPU. */
function percent(span: string): string {
  const parts = [...span.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)];
  if (parts.length === 0) return span;
  const microseconds = parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNITS.get(unit) ?? NaN), 0);
  return `${Math.round(microseconds / 100) / 100}%`;
}
