import type { Fact } from "../desired";

/** A fact as the one form that it has to have where it is used; another form counts as absent. */
export const factAs = {
  text: (fact: Fact | undefined): string => (typeof fact === "string" ? fact : ""),
  list: (fact: Fact | undefined): string[] => (Array.isArray(fact) ? fact : []),
  named: (fact: Fact | undefined): Record<string, string> =>
    fact !== undefined && typeof fact === "object" && !Array.isArray(fact) ? fact : {},
};
