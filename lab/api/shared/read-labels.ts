import type { Fields } from "../http/fields";

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The `labels` of a request, checked by Hetzner's rules; undefined when not given. */
export function readLabels(fields: Fields): Record<string, string> | undefined {
  if (!fields.has("labels")) return undefined;
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(fields.object("labels"))) {
    const problem = keyProblem(key) ?? valueProblem(key, value);
    if (problem) fields.reject("labels", problem);
    else labels[key] = value as string;
  }
  return labels;
}

function keyProblem(key: string): string | undefined {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (prefix === "hetzner.cloud") return `label key '${key}': the prefix hetzner.cloud/ is reserved`;
  const fine = NAME.test(key.slice(slash + 1)) && (prefix === undefined || PREFIX.test(prefix));
  return fine ? undefined : `label key '${key}' is not correctly formatted`;
}

function valueProblem(key: string, value: unknown): string | undefined {
  const fine = typeof value === "string" && (value === "" || NAME.test(value));
  return fine ? undefined : `label value '${String(value)}' (key: ${key}) is not correctly formatted`;
}
