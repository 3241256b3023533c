/** A release that hosts and machines of a test are of. */
export interface Debian {
  version: "12" | "13";
  /** Of its hosts, at the lab's API. */
  image: "debian-12" | "debian-13";
  /** Of its machines. */
  suite: "bookworm" | "trixie";
}

const releases: readonly Debian[] = [
  { version: "12", image: "debian-12", suite: "bookworm" },
  { version: "13", image: "debian-13", suite: "trixie" },
];

function chosen(version = process.env.NSPAWN_DEBIAN || "13"): Debian {
  const found = releases.find((release) => release.version === version);
  if (found === undefined) throw new Error(`NSPAWN_DEBIAN is ${version}; it may be 12 or 13`);
  return found;
}

/** The release of this run; another one by NSPAWN_DEBIAN=12. The only place where a test of the lab gets it from. */
export const debian: Debian = chosen();
