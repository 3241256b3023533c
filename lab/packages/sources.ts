import { readFileSync, readdirSync } from "node:fs";
import type { Suite } from "./suites";

export const archiveKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const publicMirror = "http://deb.debian.org/debian";
const publicSecurity = "http://security.debian.org/debian-security";

export interface MirrorSource {
  /** Folder below the mirror's root: `debian` or `debian-security`. */
  folder: string;
  uri: string;
  suite: string;
}

/** The first address in apt's source files that ends in /debian (or /debian-security): somebody configured it because it works here. */
export function configuredMirror(texts: readonly string[], ending: string): string | undefined {
  for (const text of texts)
    for (const word of text.split(/\s+/))
      if (/^https?:\/\//.test(word) && word.replace(/\/+$/, "").endsWith(`/${ending}`)) return word.replace(/\/+$/, "");
  return undefined;
}

function sourceTexts(): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, "utf8").replace(/^#.*$/gm, "");
    } catch {
      return "";
    }
  };
  const folder = "/etc/apt/sources.list.d";
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name));
  } catch {
    // no such folder: sources.list alone counts
  }
  return [read("/etc/apt/sources.list"), ...files.sort().map((name) => read(`${folder}/${name}`))];
}

/** Where this machine gets a release of Debian from: its own setting where it is a Debian, else the public mirror. */
export function mirrorSources(suite: Suite, texts: readonly string[] = sourceTexts()): MirrorSource[] {
  const main = configuredMirror(texts, "debian") ?? publicMirror;
  const security = configuredMirror(texts, "debian-security") ?? publicSecurity;
  return [
    { folder: "debian", uri: main, suite },
    { folder: "debian", uri: main, suite: `${suite}-updates` },
    { folder: "debian-security", uri: security, suite: `${suite}-security` },
  ];
}
