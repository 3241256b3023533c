/** A part of a MIME archive: with a header of ours, or whole with the header that it has. */
export type UserDataPart = { type: string; text: string } | { whole: string } | { refused: string };

/** How cloud-init tells parts apart by their first line (its INCLUSION_TYPES_MAP); the longest counts. */
const starts: readonly [string, string][] = [
  ["#cloud-config-archive", "text/cloud-config-archive"],
  ["#cloud-config-jsonp", "text/cloud-config-jsonp"],
  ["## template: jinja", "text/jinja2"],
  ["#cloud-boothook", "text/cloud-boothook"],
  ["#include-once", "text/x-include-once-url"],
  ["#cloud-config", "text/cloud-config"],
  ["#part-handler", "text/part-handler"],
  ["#include", "text/x-include-url"],
  ["#!", "text/x-shellscript"],
];

/** mbox's first line, as `cloud-init devel make-mime` writes it. */
const envelope = /^From [^\n]*\n/;

/**
 * What cloud-init makes of user data that it gets alone, as a part of an archive; and why, when that is nothing. Its test
 * for MIME is `mime-version:` among the first 4,096 bytes; letters' case and white space before the first line are of no
 * account to it.
 */
export function userDataPart(text: string): UserDataPart {
  const bare = text.replace(envelope, "");
  if (isMime(bare)) return { whole: bare };
  const first = text.trimStart().toLowerCase();
  const found = starts.find(([start]) => first.startsWith(start));
  return found === undefined ? { refused: why(text) } : { type: found[1], text };
}

const isMime = (text: string): boolean => /^[\w-]+:[^\n]/.test(text) && /mime-version:/i.test(text.slice(0, 4096));

const allowed =
  "#cloud-config, #!, #include, #cloud-boothook, #cloud-config-archive, #part-handler, ## template: jinja, or the header of a MIME archive";

function why(text: string): string {
  if (/^content-type:/i.test(text)) return "begins like a MIME archive, but has no line MIME-Version: 1.0";
  const plain = decoded(text);
  if (plain !== undefined && (plain.startsWith("\x1f\x8b") || !("refused" in userDataPart(plain))))
    return "is base64, which cloud-init does not accept; pass the text itself";
  // It may hold secrets, so nothing of it is shown.
  return `begins with nothing that cloud-init recognizes, so cloud-init would ignore it; it must begin with ${allowed}`;
}

function decoded(text: string): string | undefined {
  const bare = text.replace(/\s+/g, "");
  const isBase64 = bare.length >= 4 && bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare);
  return isBase64 ? Buffer.from(bare, "base64").toString("latin1") : undefined;
}
