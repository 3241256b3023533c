import type { Fields } from "../http/fields";
import { readLabels } from "./read-labels";
import { requireUnique } from "./require-unique";

interface Named {
  id: number;
  name: string;
  labels: Record<string, string>;
}

/**
 * Carries out what every PUT may ask for: another name, unique among `rows`, and other labels. Throws the problems of all
 * fields that were read before, so that nothing is changed by half.
 */
export function rename(fields: Fields, rows: Named[], row: Named, name = fields.string("name")): void {
  const labels = readLabels(fields);
  fields.check();
  if (name) requireUnique(rows, name, row.id);
  row.name = name ?? row.name;
  row.labels = labels ?? row.labels;
}
