import type { StorageArgs } from "../args";
import { object, optional, required } from "../read/object";
import type { Reader } from "../read/reader";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";
import { isKnown } from "../unknown";

/** btrfs needs some for itself, and a machine of Debian has 300 MB. */
const least = 2 ** 30;
const most = 2 ** 50;

const units = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes of `40G`. */
export const bytesOf = (size: string): number =>
  Number(size.slice(0, -1)) * units[size.slice(-1) as keyof typeof units];

const size = text({
  allowed: 'be a number of M, G or T (powers of 1024) from 1G to 1024T, such as "40G"',
  max: 12,
  test: (given) => /^[1-9][0-9]{0,9}[MGT]$/.test(given) && bytesOf(given) >= least && bytesOf(given) <= most,
});

const read = object<StorageArgs>({ type: required(oneOf(["auto", "btrfs", "directory"])), size: optional(size) });

/** `storage` of a host. */
export const storage: Reader<StorageArgs> = (value, place) => {
  const args = read(value, place);
  if (args?.size !== undefined && isKnown(args.type) && args.type === "directory")
    place.key("size").refuse('is of the types "auto" and "btrfs": a directory is as large as the disk');
  return args;
};
