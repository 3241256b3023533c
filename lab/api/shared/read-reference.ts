import type { Fields } from "../http/fields";

/** The resource that a required field names by its id; throws all problems of the request when there is none. */
export function readReference<T extends { id: number }>(fields: Fields, name: string, rows: T[]): T {
  fields.require(name);
  const wanted = fields.integer(name);
  const row = rows.find(({ id }) => id === wanted);
  if (!row && wanted !== undefined) fields.reject(name, `${name} ${wanted} not found`);
  fields.check();
  return row as T;
}
