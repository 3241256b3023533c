import { images } from "../catalog/images";
import { ApiError } from "../http/api-error";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import type { ImageRecord } from "../records/image-record";

/** An image that was made of a server; those of the catalog are refused, for nothing about them changes. */
export function findImage({ state }: World, id: string | undefined, done: string): ImageRecord {
  if (images.some((image) => String(image.id) === id)) {
    throw new ApiError(422, "unsupported_error", `only images of type snapshot and backup can be ${done}`);
  }
  return findRow(state.images, id, "image");
}
