import type { Desired } from "../model/desired";
import { machinesDirectory, modeOf } from "../model/paths";
import type { Draft } from "./draft";

function isInTree(path: string): boolean {
  return path.startsWith(`${machinesDirectory}/`);
}

/** Writes the files on the host itself. */
export function hostFiles(draft: Draft, desired: Desired): void {
  for (const [path, content] of Object.entries(desired.files)) {
    if (!isInTree(path)) draft.add({ verb: "file", path, mode: modeOf(path), text: draft.text(content) });
  }
}

/** Writes the files inside a machine's tree, where a link could lead out of it. */
export function guestFiles(draft: Draft, desired: Desired): void {
  for (const [path, content] of Object.entries(desired.files)) {
    if (isInTree(path)) draft.add({ verb: "guest_file", path, mode: modeOf(path), text: draft.text(content) });
  }
}
