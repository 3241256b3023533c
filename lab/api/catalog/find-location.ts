import type { Location } from "./location";
import { locations } from "./locations";

/** By name or id. */
export function findLocation(reference: string | undefined): Location | undefined {
  return locations.find(({ id, name }) => name === reference || String(id) === reference);
}
