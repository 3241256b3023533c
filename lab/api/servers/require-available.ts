import { hostImages } from "../../images/host-images";
import type { Location } from "../catalog/location";
import type { ServerType } from "../catalog/server-type";
import { ApiError } from "../http/api-error";
import type { ImageView } from "../images/image-view";

/** Throws when a type is not sold there (any more). */
export function requireSold(type: ServerType, location: Location, code: "invalid_input" | "invalid_server_type"): void {
  const place = type.locations.find(({ name }) => name === location.name);
  if (place?.available) return;
  const message = place?.deprecation
    ? `server type ${type.name} is deprecated: not available in ${location.name} since ${place.deprecation.unavailable_after.slice(0, 10)}`
    : `unsupported location for server type: ${type.name} is not available in ${location.name}`;
  const fields = [{ name: place ? "server_type" : "location", messages: [message] }];
  throw new ApiError(422, code, message, { fields });
}

/** Throws when the lab cannot boot what the catalogue lists. */
export function requireBootable({ id, name, type }: Pick<ImageView, "id" | "name" | "type">): void {
  const bootable = hostImages.map((image) => image.name);
  if (name !== null && bootable.includes(name)) return;
  const reason =
    name === null
      ? `image ${id} is a ${type}, and the lab copies no disks`
      : `image '${name}' exists at Hetzner, but the lab cannot boot it`;
  throw new ApiError(422, "unsupported_error", `${reason}; it boots ${bootable.join(", ")}`);
}
