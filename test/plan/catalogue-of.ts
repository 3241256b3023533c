import type { Catalogue } from "../../provider/plan/catalogue";
import { CatalogueReader } from "../../provider/plan/catalogue-reader";

/** What the step `catalogue` wrote, as it is read. */
export function catalogueOf(raw: Buffer): Catalogue {
  const reader = new CatalogueReader();
  reader.push(raw);
  return reader.end();
}
