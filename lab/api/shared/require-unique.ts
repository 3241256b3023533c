import { ApiError } from "../http/api-error";

/** Throws `uniqueness_error` when another resource of the kind has this name. */
export function requireUnique(rows: { id: number; name: string }[], name: string, ownId?: number): void {
  if (rows.some((row) => row.name === name && row.id !== ownId)) throw ApiError.notUnique("name");
}
