import type { DebootstrapArgs } from "./args";
import { digest } from "./digest";

/** Raised when the same arguments are built differently, so that hosts build anew. */
const RECIPE = 1;

/** Packages of every image: what a guest needs to boot, to be asked about, and to reach its network. S1.25. */
export const basePackages: readonly string[] = ["dbus", "iproute2", "iputils-ping", "systemd", "systemd-sysv"];

/** All packages of an image, sorted, each once. */
export function imagePackages(image: DebootstrapArgs): string[] {
  return [...new Set([...basePackages, ...image.packages])].sort();
}

/** The content key of an image: its directory's name on each host. */
export function imageHash(image: DebootstrapArgs): string {
  const { kind, suite, mirror, variant } = image;
  return digest({ recipe: RECIPE, kind, suite, mirror, variant, packages: imagePackages(image) });
}
