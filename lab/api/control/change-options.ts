import type { ApiOptions } from "../api-options";
import { Fields } from "../http/fields";

const NUMBERS = ["actionDelayMs", "rateLimit", "rateRefillPerSecond", "maxPerPage", "rebootGraceMs"] as const;
const SWITCHES = ["strictAssign", "floatingNeedsPrimary"] as const;

type LiveOptions = Pick<ApiOptions, (typeof NUMBERS)[number] | (typeof SWITCHES)[number]>;

/** Changes the live options that the body names, and returns all of them. */
export function changeOptions(options: ApiOptions, body: Record<string, unknown>): LiveOptions {
  const fields = new Fields(body);
  const changes: Partial<LiveOptions> = {};
  for (const name of NUMBERS) {
    const value = fields.integer(name) ?? options[name];
    const least = name === "maxPerPage" || name === "rateLimit" ? 1 : 0;
    if (value < least) fields.reject(name, `has to be at least ${least}`);
    changes[name] = value;
  }
  for (const name of SWITCHES) changes[name] = fields.boolean(name) ?? options[name];
  const known: readonly string[] = [...NUMBERS, ...SWITCHES];
  for (const name of Object.keys(body)) {
    if (!known.includes(name)) fields.reject(name, `is not one of ${known.join(", ")}`);
  }
  fields.check();
  Object.assign(options, changes);
  return changes as LiveOptions;
}
