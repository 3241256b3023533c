import type { Call } from "../http/call";
import type { ImageView } from "./image-view";

/** What the query of a list asks for; deprecated ones are listed on request only. */
export function imageFilter({ query }: Call): (image: ImageView) => boolean {
  const deprecated = query.get("include_deprecated") === "true";
  const wanted = (name: string, value: string): boolean => !query.has(name) || query.getAll(name).includes(value);
  return (image) =>
    (deprecated || image.deprecated === null) &&
    wanted("architecture", image.architecture) &&
    wanted("type", image.type) &&
    wanted("bound_to", String(image.bound_to));
}
