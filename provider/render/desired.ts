import type { Desired, Fact } from "../model/desired";
import { UNKNOWN } from "../model/unknown";

type Draft<T> = Record<string, T | undefined>;

/** What is drafted, before what is not known yet is left out. */
export interface DesiredDraft {
  files?: Draft<string>;
  secretFiles?: Draft<string>;
  boot?: Draft<Fact>;
  live?: Draft<Fact>;
}

/**
 * Leaves out everything that is absent, or made of a value that a preview does not know: text that depends on an
 * unknown contains its sentinel, so no renderer has to ask.
 */
export function desired(draft: DesiredDraft): Desired {
  return {
    files: known(draft.files, String),
    secretFiles: known(draft.secretFiles, String),
    boot: known(draft.boot, knownFact),
    live: known(draft.live, knownFact),
  };
}

function known<T>(draft: Draft<T> = {}, part: (value: T) => T | undefined): Record<string, T> {
  const entries: [string, T][] = [];
  for (const name of Object.keys(draft).sort()) {
    const value = draft[name] === undefined || name.includes(UNKNOWN) ? undefined : part(draft[name]);
    if (value !== undefined && !hasSentinel(value)) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

/** Of texts by name each stands for itself; of a list the whole is unknown when one element is. Nothing is no fact. */
function knownFact(fact: Fact): Fact | undefined {
  if (typeof fact === "string") return fact;
  if (Array.isArray(fact)) return fact.length === 0 ? undefined : [...fact].sort();
  const entries = known<string>(fact, String);
  return Object.keys(entries).length === 0 ? undefined : entries;
}

function hasSentinel(value: unknown): boolean {
  return typeof value === "string" ? value.includes(UNKNOWN) : Array.isArray(value) && value.some(hasSentinel);
}
