import { canonicalAddress } from "../address";
import { imageDefaults } from "../defaults";
import type { DebootstrapArgs } from "../args";
import { object, optional, required } from "../read/object";
import { oneOf } from "../read/scalar";
import { text } from "../read/text";
import { specialPurpose } from "../special-range";
import { packageNames } from "./package-name";

const MOVING = ["stable", "oldstable", "oldoldstable", "testing", "unstable", "experimental"];

const suite = text({
  allowed: "be the code name of a suite, such as bookworm",
  max: 64,
  test: (value) => {
    if (!/^[a-z][a-z0-9.-]*$/.test(value)) return false;
    return MOVING.includes(value) ? "that name means another suite next year; write its code name" : true;
  },
});

/** URL characters that mean nothing to a shell or to apt's sources. */
const MIRROR = /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[A-Za-z0-9._~+%-]+)*\/?$/;

const mirror = text({
  allowed: "be an http or https URL of a Debian mirror, without credentials, query or fragment",
  max: 300,
  test: (value) =>
    MIRROR.test(value) && !/\/\.{1,2}(\/|$)/.test(value) && isSameHost(value) && (special(value) ?? true),
  canonical: (value) => value.replace(/\/+$/, ""),
});

/** Loopback and private addresses are where caches are; the metadata service is not. */
function special(value: string): string | undefined {
  const host = new URL(value).hostname.replace(/^\[|\]$/g, "");
  const address = canonicalAddress(host);
  return address === undefined || address.startsWith("127.") || address === "::1" ? undefined : specialPurpose(address);
}

/** A URL whose host a parser would read as another one (`http://0x7f.1`, `http://010.0.0.1`) is refused. */
function isSameHost(value: string): boolean {
  const written = /^https?:\/\/(\[[^\]]+\]|[^:/]+)/.exec(value)?.[1];
  return URL.canParse(value) && new URL(value).hostname === written?.toLowerCase();
}

/** Source of a machine's tree. */
export const image = object<DebootstrapArgs>({
  kind: required(
    oneOf(["debootstrap"], { tarball: "it comes with a later release", directory: "it comes with a later release" }),
  ),
  suite: required(suite),
  mirror: optional(mirror, imageDefaults.mirror),
  variant: optional(oneOf(["minbase", "buildd", "standard"]), imageDefaults.variant),
  packages: optional(packageNames, []),
});
