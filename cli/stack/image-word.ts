import type { ImageArgs } from "../../provider/model/args";

/** What an image is called in one word. */
export function imageWord(image: ImageArgs): string {
  switch (image.kind) {
    case "tarball":
      return image.sha256.slice(0, 12);
    case "directory":
      return image.path;
    case "published":
      return `${image.name}:${image.version}`;
    case "debootstrap":
      return image.suite;
  }
}
