import type { Desired } from "../model/desired";
import { machinesDirectory, modeOf } from "../model/paths";
import { printableLine } from "../model/read/printable";
import type { Facts } from "./facts/facts";
import { resolveLink } from "./resolve-link";
import { shownFile, shownKind } from "./shown-fact";
import { isOfStorageNotChosen } from "./storage-choice";

export function foundFiles(desired: Desired, facts: Facts): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [path, wanted] of Object.entries(desired.files)) {
    const file = facts.files.get(path);
    if (file !== undefined) files[path] = shownFile(file, wanted);
    else if (isOfStorageNotChosen(path, desired, facts)) files[path] = wanted;
  }
  return files;
}

/** `…/etc/shadow#root`: the second field of that line. */
export function foundSecrets(desired: Desired, facts: Facts): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of Object.keys(desired.secretFiles)) {
    const [path = "", user = ""] = name.split("#");
    const file = facts.files.get(path);
    const lines = file?.type === "file" ? file.text.split("\n") : [];
    const hash = lines.find((entry) => entry.startsWith(`${user}:`))?.split(":", 2)[1];
    if (hash !== undefined) secrets[name] = printableLine(hash, 1000);
  }
  return secrets;
}

export function wrongModes(desired: Desired, facts: Facts): string[] {
  return Object.keys(desired.files).flatMap((path) => {
    const file = facts.files.get(path);
    if (file?.type !== "file") return [];
    const owner = ownerOfTree(path, facts);
    if (file.mode === modeOf(path) && file.uid === owner.uid && file.gid === owner.gid) return [];
    return [`${path} is ${file.mode} ${file.uid}:${file.gid}, not ${modeOf(path)} ${owner.uid}:${owner.gid}`];
  });
}

/** Files in a tree belong to the first of its users: a shifted tree stays shifted, whomever its root folder is given to inside. */
function ownerOfTree(path: string, facts: Facts): { uid: number; gid: number } {
  const tree = new RegExp(`^${machinesDirectory}/[^/]+`).exec(path)?.[0];
  const { uid, gid } = (tree === undefined ? undefined : facts.files.get(tree)) ?? { uid: 0, gid: 0 };
  return { uid: uid - (uid % 65536), gid: gid - (gid % 65536) };
}

export function linkTarget(path: string, facts: Facts): string | undefined {
  const file = facts.files.get(path);
  if (file === undefined) return undefined;
  if (file.type !== "link") return `(${shownKind(file)})`;
  const tree = new RegExp(`^${machinesDirectory}/[^/]+`).exec(path)?.[0] ?? "";
  return resolveLink(path.slice(tree.length), file.text);
}
