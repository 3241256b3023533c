import { ApiError } from "./api-error";

interface Page<T> {
  rows: T[];
  meta: { pagination: Record<string, number | null> };
}

/** Cuts one page; `per_page` above the maximum counts as the maximum. */
export function paginate<T>(rows: T[], query: URLSearchParams, maxPerPage: number): Page<T> {
  const page = positive(query, "page", 1);
  const perPage = Math.min(positive(query, "per_page", 25), maxPerPage);
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  return {
    rows: rows.slice((page - 1) * perPage, page * perPage),
    meta: {
      pagination: {
        page,
        per_page: perPage,
        previous_page: page > 1 ? page - 1 : null,
        next_page: page < last ? page + 1 : null,
        last_page: last,
        total_entries: rows.length,
      },
    },
  };
}

function positive(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw ApiError.invalid(name, `must be a number from 1 on, got '${text}'`);
  return Number(text);
}
