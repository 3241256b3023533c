import type { Catalogue } from "../../provider/observe/tree/catalogue";
import { CatalogueReader } from "../../provider/observe/tree/catalogue-reader";

/** What the step `catalogue` wrote, as it is read. */
export function catalogueOf(raw: Buffer): Catalogue {
  const reader = new CatalogueReader();
  reader.push(raw);
  return reader.end();
}
