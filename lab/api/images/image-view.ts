import { images } from "../catalog/images";
import { findRow } from "../shared/find-row";
import type { ImageRecord } from "../records/image-record";

/** What the images of the catalog and those that were made of servers have in common. */
export type ImageView = Record<string, unknown> &
  Pick<ImageRecord, "id" | "status" | "labels" | "created"> & {
    name: string | null;
    type: string;
    architecture: string;
    bound_to: number | null;
    deprecated: string | null;
  };

/** An image as the API shows it. Nothing was copied, so it has no size. */
export function imageView(image: ImageRecord): ImageView {
  const { os_flavor, os_version, architecture } = findRow(images, image.base, "image");
  return {
    id: image.id,
    type: image.type,
    status: image.status,
    name: null,
    description: image.description,
    image_size: null,
    disk_size: image.diskSize,
    created: image.created,
    created_from: image.createdFrom,
    bound_to: image.boundTo,
    os_flavor,
    os_version,
    architecture,
    rapid_deploy: false,
    protection: image.protection,
    deprecated: null,
    deleted: null,
    labels: image.labels,
  };
}
