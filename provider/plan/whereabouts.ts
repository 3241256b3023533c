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
}

/** Parses what the step `whereabouts` wrote. */
export function parseWhereabouts(text: string): Whereabouts {
  const words = new Map(text.split("\n").map((line) => line.split("\t", 2) as [string, string]));
  const since = words.get("since");
  return {
    host: words.get("host") ?? "",
    here: words.get("ours") === "yes" && words.get("tree") === "yes",
    active: !["inactive", "failed", "unknown"].includes(words.get("active") ?? ""),
    movedTo: words.get("moved") === "" ? undefined : words.get("moved"),
    since: since === undefined ? undefined : Number(since),
    free: Number(words.get("free")) * 1024,
  };
}
