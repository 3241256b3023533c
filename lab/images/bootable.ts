import { hostImages } from "./host-images";

/** Names of the images that servers of the lab boot from. */
export const bootable: readonly string[] = hostImages.map(({ name }) => name);
