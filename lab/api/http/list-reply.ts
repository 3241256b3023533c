import { ApiError } from "./api-error";
import type { Call } from "./call";
import { matchesSelector } from "./label-selector";
import { paginate } from "./pagination";
import type { Reply } from "./reply";
import { sorted } from "./sorted";

export interface Listable {
  id: number;
  name?: string | null;
  status?: unknown;
  labels?: Record<string, string>;
}

/** A list answer: the filters all lists share (`name`, `status`, `label_selector`), `sort`, and one page. */
export function listReply<T extends Listable>(call: Call, key: string, rows: T[], maxPerPage: number): Reply {
  const page = paginate(sorted(rows.filter(filter(call.query)), call.query), call.query, maxPerPage);
  return { status: 200, body: { [key]: page.rows, meta: page.meta } };
}

function filter(query: URLSearchParams): (row: Listable) => boolean {
  const name = query.get("name");
  const selector = query.get("label_selector");
  const statuses = query.getAll("status");
  const matches = selector ? matchesSelector(selector) : () => true;
  if (matches === undefined) throw ApiError.invalid("label_selector", `cannot be parsed: '${selector}'`);
  return (row) =>
    (name === null || name === "" || row.name === name) &&
    (statuses.length === 0 || (typeof row.status === "string" && statuses.includes(row.status))) &&
    matches(row.labels ?? {});
}
