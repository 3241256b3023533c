import { ApiError } from "../http/api-error";

/** The row that a path names; 404 `not_found` otherwise. */
export function findRow<T extends { id: number }>(rows: T[], id: string | number | undefined, what: string): T {
  const row = rows.find((candidate) => String(candidate.id) === String(id));
  if (!row) throw ApiError.notFound(what, id ?? "");
  return row;
}
