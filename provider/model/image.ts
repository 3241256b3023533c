import type { DebootstrapArgs, ImageArgs } from "./args";
import { digest } from "./digest";

/** Raised when the same arguments are built differently, so that hosts build anew. */
const RECIPE = 1;

/** Packages of every image: what a guest needs to boot, to be asked about, and to reach its network. S1.25. */
export const basePackages: readonly string[] = ["dbus", "iproute2", "iputils-ping", "systemd", "systemd-sysv"];

/** All packages of an image, sorted, each once. */
export function imagePackages(image: DebootstrapArgs): string[] {
  return [...new Set([...basePackages, ...image.packages])].sort();
}

/**
 * The content key of an image: its directory's name on each host. Whose signature is demanded is part of it, so that an
 * image that was made without is never taken for one that was verified.
 */
export function imageHash(image: ImageArgs): string {
  if (image.kind === "tarball") {
    const { kind, sha256, signature } = image;
    return digest({ recipe: RECIPE, kind, sha256, ...(signature && { keyring: signature.keyring }) });
  }
  if (image.kind === "directory") {
    const { kind, path, version } = image;
    return digest({ recipe: RECIPE, kind, path, ...(version !== undefined && { version }) });
  }
  if (image.kind === "published") {
    const { kind, name, version } = image;
    return digest({ recipe: RECIPE, kind, name, version });
  }
  const { kind, suite, mirror, variant, keyring } = image;
  const packages = imagePackages(image);
  return digest({ recipe: RECIPE, kind, suite, mirror, variant, packages, ...(keyring && { keyring }) });
}

/** What of an image makes a machine's tree another one: of an archive its content, wherever it comes from. */
export function imageContent(image: ImageArgs): Partial<ImageArgs> {
  return image.kind === "tarball" ? { kind: image.kind, sha256: image.sha256 } : image;
}
