import type { Fields } from "../http/fields";
import { NAME } from "./name-length";
import { readLabels } from "./read-labels";
import { requireUnique } from "./require-unique";

export interface Named {
  id: number;
  name: string;
  labels: Record<string, string>;
}

/**
 * Carries out what every PUT may ask for: another name, unique among `rows`, and other labels. Throws the problems of all
 * fields that were read before, so that nothing is changed by half.
 */
export function rename(fields: Fields, rows: Named[], row: Named, name = newName(fields)): void {
  const labels = readLabels(fields);
  fields.check();
  if (name !== undefined) requireUnique(rows, name, row.id);
  row.name = name ?? row.name;
  row.labels = labels ?? row.labels;
}

function newName(fields: Fields): string | undefined {
  return fields.has("name") ? fields.required("name", { max: NAME }) : undefined;
}
