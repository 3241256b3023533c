import type { CommonArgs } from "../model/args";
import { canonicalJson, digest } from "../model/digest";
import { isSameHost } from "../model/same-host";
import { hasUnknown } from "../model/unknown";
import type { Kind } from "./kind";
import { appliedOf, argsOf, type Properties } from "./state";

export interface DiffResult {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Information only: no change of it changes anything. */
const ignored = ["ownUrn", "secretFiles", "fleet"];

function argumentsDiffer<A extends CommonArgs>(kind: Kind<A>, olds: Properties, news: Properties): boolean {
  const before = argsOf(kind, olds) as unknown as Properties;
  const after = argsOf(kind, news) as unknown as Properties;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => !ignored.includes(name) && !equal(before[name], after[name]));
}

/** Whether what was found or applied is not what the checked inputs want. */
export function hostDiffers(olds: Properties, news: Properties): boolean {
  // Older versions recorded the three parts of it.
  const applied = typeof olds.applied === "object" ? digest(olds.applied) : olds.applied;
  const wanted = appliedOf({
    files: (news.files ?? {}) as Record<string, string>,
    secretFiles: {},
    boot: (news.boot ?? {}) as never,
    live: (news.live ?? {}) as never,
  });
  return applied !== wanted;
}

/**
 * Pure and total: old outputs against checked inputs. What a preview does not know yet is a change, never a
 * replacement: the engine would really delete.
 */
export function diff<A extends CommonArgs>(kind: Kind<A>, olds: Properties, news: Properties): DiffResult {
  const identityArgs = kind.identityArgs ?? ((args: A): A => args);
  const before = identityArgs(argsOf(kind, olds));
  const after = identityArgs(argsOf(kind, news));
  const replaces = kind.identity.filter((name) => {
    const known = !hasUnknown(before[name]) && !hasUnknown(after[name]) && before[name] !== undefined;
    return known && !(name === "host" ? isSameHost(before, after) : equal(before[name], after[name]));
  });
  const changes =
    replaces.length > 0 || hasUnknown(news) || argumentsDiffer(kind, olds, news) || hostDiffers(olds, news);
  return { changes, replaces, deleteBeforeReplace: kind.deleteBeforeReplace };
}
