import type { SignatureArgs, TarballArgs } from "../args";
import { notPublic } from "../public-host";
import { object, optional, required } from "../read/object";
import type { Place } from "../read/place";
import type { Reader } from "../read/reader";
import { flag, integer, oneOf } from "../read/scalar";
import { text } from "../read/text";
import { isUnknown } from "../unknown";
import { hostFile } from "./host-file";
import { localPath } from "./local-path";
import { keyring, signatureText } from "./openpgp";
import { fileUrl, writtenHost } from "./url";

/** Other sums by their number of digits. */
const OTHER_SUMS: Record<number, string> = {
  32: "an MD5",
  40: "a SHA-1",
  56: "a SHA-224",
  96: "a SHA-384",
  128: "a SHA-512",
};

const sha256 = text({
  allowed: "be the SHA-256 sum of the archive, 64 hexadecimal digits",
  test: (value) => {
    if (/^[0-9a-f]{64}$/i.test(value)) return true;
    const other = /^[0-9a-f]+$/i.test(value) ? OTHER_SUMS[value.length] : undefined;
    return other === undefined ? false : `this has the length of ${other} sum`;
  },
  canonical: (value) => value.toLowerCase(),
});

const signature = object<SignatureArgs>({
  keyring: required(keyring),
  text: optional(signatureText),
  url: optional(fileUrl),
});

const read = object<TarballArgs>({
  kind: required(oneOf(["tarball"])),
  url: optional(fileUrl),
  path: optional(hostFile),
  localPath: optional(localPath),
  bytes: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  // Of a file where the program runs, the provider finds it out.
  sha256: optional(sha256),
  signature: optional(signature),
  allowPrivate: optional(flag),
});

/** A tar archive with a tree, and what it has to be verified by. */
export const tarball: Reader<TarballArgs> = (value, place) => {
  const args = read(value, place);
  if (isUnknown(args)) return args;
  onlyOne(args, ["url", "path", "localPath"], place);
  if (args.sha256 === undefined && args.localPath === undefined) place.key("sha256").refuse("is required");
  reachable(args.url, args, place.key("url"));
  if (args.signature === undefined || isUnknown(args.signature)) return args;
  onlyOne(args.signature, ["text", "url"], place.key("signature"));
  reachable(args.signature.url, args, place.key("signature").key("url"));
  return args;
};

function onlyOne<T extends object>(args: T, names: (keyof T & string)[], place: Place): void {
  const [first, ...others] = names.filter((name) => args[name] !== undefined);
  for (const other of others) place.key(other).refuse(`cannot be given beside ${first}; leave one out`);
  const [one = "", ...instead] = names;
  if (first === undefined) place.key(one).refuse(`is required, or ${instead.join(" or ")}`);
}

function reachable(url: string | undefined, { allowPrivate }: TarballArgs, place: Place): void {
  if (url === undefined || isUnknown(url) || allowPrivate === true || isUnknown(allowPrivate)) return;
  const host = writtenHost(url);
  const why = notPublic(host);
  if (why !== undefined)
    place.refuse(`must be at a public host (${host} is ${why}); allowPrivate: true is for an image server of your own`);
}
