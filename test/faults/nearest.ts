import { unlike, type Manifest } from "./manifest";
import type { Verdict } from "./verdict";

/** Which of two states each host is exactly at, and else what it lacks of the nearer one. */
export function nearest(
  found: readonly Manifest[],
  old: readonly Manifest[],
  now: readonly Manifest[],
): Pick<Verdict, "ended" | "half"> {
  const near = found.map((manifest, index) => {
    const [toOld, toNew] = [unlike(old[index] ?? [], manifest), unlike(now[index] ?? [], manifest)];
    return { toNew, nearer: toOld.length <= toNew.length ? toOld : toNew };
  });
  const half = near.flatMap(({ nearer }) => nearer);
  if (half.length > 0) return { ended: "half", half };
  return { ended: near.every(({ toNew }) => toNew.length === 0) ? "new" : "old", half };
}
