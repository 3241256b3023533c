import { notOurs } from "../../errors";
import { hasControl } from "../../model/read/control";
import { printableLine } from "../../model/read/printable";

/** What one host knows of a machine that moves. */
export interface Whereabouts {
  /** Which machine the host is, and which of its boots. */
  host: string;
  /** The host has its tree as a machine of ours. */
  here: boolean;
  /** It is running or starting. */
  active: boolean;
  /** It left, to there. */
  movedTo?: string;
  /** There is a copy of its tree; what changed since then, by the clock of the host that sent, may be missing in it. */
  since?: number;
  /** Bytes. */
  free: number;
  /** What was done inside the machine, as the host remembers it: lines of a digest, a sum and a name. */
  provisioned?: string;
}

/** Bytes of it; a part has some hundred. */
const mostProvisioned = 512 * 1024;
const provisionedLine = /^([0-9a-f]{64}|-)\t([0-9a-f]{64}|-)\t(packages|commands|(user|file|unit) [^\t]{1,1000})$/;

/** Words that have to be there, and what each looks like. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ["host", /^[\w-]* [\w-]+$/],
  ["active", /^[a-z-]*$/],
  ["moved", /^/],
  ["free", /^\d{0,13}$/],
  ["since", /^\d{0,13}$/],
  ["ours", /^yes$/],
  ["tree", /^yes$/],
  ["provisioned", /^[A-Za-z0-9+/]*={0,2}$/],
]);
const needed = ["host", "active", "moved", "free"];

/** Parses what the step `whereabouts` wrote. @throws NSPAWN_REPORT */
export function parseWhereabouts(text: string): Whereabouts {
  const words = wordsIn(text);
  const word = (name: string): string => words.get(name) ?? "";
  return {
    host: word("host"),
    here: words.has("ours") && words.has("tree"),
    active: !["inactive", "failed", "unknown"].includes(word("active")),
    movedTo: word("moved") === "" ? undefined : printableLine(word("moved"), 300),
    since: words.has("since") ? Number(word("since")) : undefined,
    free: Number(word("free")) * 1024,
    ...(words.has("provisioned") && { provisioned: provisionedIn(word("provisioned")) }),
  };
}

function provisionedIn(encoded: string): string {
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const odd = text
    .split("\n")
    .find((line) => line !== "" && (hasControl(line.replaceAll("\t", "")) || !provisionedLine.test(line)));
  if (odd !== undefined) throw refused(odd);
  if (text.length > mostProvisioned) throw refused(`${text.length} characters of what was done inside`);
  return text;
}

function wordsIn(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const line of text.split("\n", 100).filter((one) => one !== "")) {
    const [word = "", value = ""] = line.split("\t", 2);
    if (forms.get(word)?.test(value) !== true || words.has(word)) throw refused(line);
    words.set(word, value);
  }
  const missing = needed.find((word) => !words.has(word));
  if (missing !== undefined) throw refused(`no ${missing}`);
  return words;
}

function refused(what: string): Error {
  return notOurs(`where the machine is: ${printableLine(what, 200)}`);
}
