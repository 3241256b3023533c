import { canonicalAddress } from "../address";
import { imageDefaults } from "../defaults";
import type { DebootstrapArgs, ImageArgs } from "../args";
import { object, optional, required } from "../read/object";
import type { Reader } from "../read/reader";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";
import { specialPurpose } from "../special-range";
import { directory } from "./directory";
import { keyring } from "./openpgp";
import { packageNames } from "./package-name";
import { published } from "./published";
import { tarball } from "./tarball";
import { isMirror, writtenHost } from "./url";

const MOVING = ["stable", "oldstable", "oldoldstable", "testing", "unstable", "experimental"];

const suite = text({
  allowed: "be the code name of a suite, such as trixie",
  max: 64,
  test: (value) => {
    if (!/^[a-z][a-z0-9.-]*$/.test(value)) return false;
    return MOVING.includes(value) ? "that name means another suite next year; write its code name" : true;
  },
});

const mirror = text({
  allowed: "be an http or https URL of a Debian mirror, without credentials, query or fragment",
  max: 300,
  test: (value) => isMirror(value) && (special(value) ?? true),
  canonical: (value) => value.replace(/\/+$/, ""),
});

/** Loopback and private addresses are where caches are; the metadata service is not. */
function special(value: string): string | undefined {
  const address = canonicalAddress(writtenHost(value).replace(/^\[|\]$/g, ""));
  return address === undefined || address.startsWith("127.") || address === "::1" ? undefined : specialPurpose(address);
}

const debootstrap = object<DebootstrapArgs>({
  // The others never get here.
  kind: required(oneOf<ImageArgs["kind"]>(["debootstrap", "tarball", "directory", "published"])) as never,
  suite: required(suite),
  mirror: optional(mirror, imageDefaults.mirror),
  variant: optional(oneOf(["minbase", "buildd", "standard"]), imageDefaults.variant),
  packages: optional(packageNames, []),
  keyring: optional(keyring),
});

const others: Record<string, Reader<ImageArgs>> = { tarball, directory, published };

/** Source of a machine's tree. */
export const image: Reader<ImageArgs> = (value, place) => (others[kindOf(value)] ?? debootstrap)(value, place);

function kindOf(value: unknown): string {
  const kind: unknown = typeof value === "object" && value !== null ? (value as { kind?: unknown }).kind : undefined;
  return typeof kind === "string" && Object.hasOwn(others, kind) ? kind : "";
}
