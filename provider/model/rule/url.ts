import { text } from "../read/text";

const HOST = "(?:[A-Za-z0-9.-]+|\\[[0-9a-f:]+\\])";
/** URL characters that mean nothing to a shell or to apt's sources. */
const SEGMENT = "/[A-Za-z0-9._~+%-]+";
const PORT = "(?::\\d{1,5})?";

const MIRROR = new RegExp(`^https?://${HOST}${PORT}(?:${SEGMENT})*/?$`);
const HTTPS = new RegExp(`^https://${HOST}${PORT}(?:${SEGMENT})+$`);

const isPlain = (value: string): boolean => !/\/\.{1,2}(\/|$)/.test(value) && isSameHost(value);

/** A URL whose host a parser would read as another one (`http://0x7f.1`, `http://010.0.0.1`) is refused. */
function isSameHost(value: string): boolean {
  return URL.canParse(value) && new URL(value).hostname === writtenHost(value).toLowerCase();
}

/** The host of an accepted URL, an IPv6 address in its brackets. */
export function writtenHost(value: string): string {
  return /^https?:\/\/(\[[^\]]+\]|[^:/]+)/.exec(value)?.[1] ?? "";
}

export const isMirror = (value: string): boolean => MIRROR.test(value) && isPlain(value);

/** A file that is fetched over TLS. */
export const fileUrl = text({
  allowed: "be an https URL of a file, without credentials, query or fragment",
  max: 1000,
  test: (value) => HTTPS.test(value) && isPlain(value),
});
