import { machine, unlike, type Manifest } from "./manifest";
import type { Verdict } from "./verdict";

/** The note that keeps a machine that has left from starting. */
const note = new RegExp(
  `^files: (?!.{64} {2}).*/systemd-nspawn@${machine}\\.service\\.d/70-pulumi-nspawn-moved\\.conf `,
);
/** A copy that waits for its other end is ended by the next run, and in nobody's way until then. */
const unfinished = /^left: var\/lib\/pulumi-nspawn\/(transactions|finished)\//;

const treeOf = (manifest: Manifest): Manifest =>
  manifest.filter((line) => line.startsWith("tree: ") && !line.startsWith("tree: .#"));
const has = (manifest: Manifest): boolean => manifest.includes(`tree: ${machine}`);
const starts = (manifest: Manifest): boolean => has(manifest) && !manifest.some((line) => note.test(line));

/**
 * Where a machine is that was on its way: whole at one place, and able to start at no more than one. The first state has
 * it on the first host, the second one on the second.
 */
export function whereaboutsIn(
  found: readonly Manifest[],
  known: readonly [readonly Manifest[], readonly Manifest[]],
  from: 0 | 1,
): Pick<Verdict, "ended" | "half"> {
  const to = from === 0 ? 1 : 0;
  const place = ([to, from] as const).find((index) => has(found[index] ?? []));
  const half = found.flatMap((manifest) => manifest.filter((line) => unfinished.test(line)));
  if (found.every(starts)) half.push("both hosts can start the machine");
  if (place === undefined) half.push("no host has the machine");
  else half.push(...unlike(treeOf(known[place][place] ?? []), treeOf(found[place] ?? [])));
  if (half.length > 0) return { ended: "half", half };
  return { ended: place === to ? "new" : "old", half };
}
