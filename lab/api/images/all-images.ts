import { images } from "../catalog/images";
import type { State } from "../state/state";
import { type ImageView, imageView } from "./image-view";

/** By name or id; a name is that of one for each architecture. */
export function imagesNamed(state: State, reference: string | undefined): ImageView[] {
  return allImages(state).filter(({ id, name }) => name === reference || String(id) === reference);
}

/** Those of the catalog, and those that were made of servers. */
export function allImages(state: State): ImageView[] {
  return [...images.map((image) => ({ ...image })), ...state.images.map(imageView)];
}
