import { ApiError } from "./api-error";

type Row = Record<string, unknown>;

/** Applies every `sort=field[:asc|:desc]` of a query, the first one weighing most. */
export function sorted<T extends object>(rows: T[], query: URLSearchParams): T[] {
  const orders = query.getAll("sort").map(parse);
  if (orders.length === 0) return rows;
  return [...rows].sort((a, b) => {
    for (const { field, sign } of orders) {
      const order = compare((a as Row)[field], (b as Row)[field]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

const FIELDS = ["id", "name", "created", "status", "command", "progress", "started", "finished"];

function parse(text: string): { field: string; sign: number } {
  const [field = "", order = "asc"] = text.split(":");
  if (!FIELDS.includes(field) || !["asc", "desc"].includes(order)) {
    throw ApiError.invalid("sort", `'${text}' is not one of ${FIELDS.join(", ")} with :asc or :desc`);
  }
  return { field, sign: order === "desc" ? -1 : 1 };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = typeof a === "string" ? a : "";
  const right = typeof b === "string" ? b : "";
  return left < right ? -1 : left > right ? 1 : 0;
}
