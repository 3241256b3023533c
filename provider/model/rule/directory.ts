import type { DirectoryArgs } from "../args";
import { object, optional, required } from "../read/object";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";
import { isHostFile } from "./host-file";
import { imageVersion } from "./image-version";

/** What the library and systemd-nspawn have there is somebody's already, and an image below its own source would have no end. */
const OURS = /^\/var(\/lib(\/(machines|pulumi-nspawn)(\/.*)?)?)?$/;

const path = text({
  allowed: "be the absolute path of a directory on the host, without spaces, `..`, hidden parts or links to follow",
  max: 1000,
  test: (value) => {
    if (OURS.test(value)) return "what is there belongs to machines; an image of a machine is made by MachineImage";
    return isHostFile(value);
  },
});

/** A tree on the host. */
export const directory = object<DirectoryArgs>({
  kind: required(oneOf(["directory"])),
  path: required(path),
  version: optional(imageVersion),
});
