import type { PublishedArgs } from "../args";
import { object, required } from "../read/object";
import { oneOf } from "../read/scalar";
import { imageVersion } from "./image-version";
import { resourceName } from "./name";

/** What a MachineImage has made. */
export const published = object<PublishedArgs>({
  kind: required(oneOf(["published"])),
  name: required(resourceName),
  version: required(imageVersion),
});
