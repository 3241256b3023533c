import { type Reader, orUnknown, refused } from "./reader";

export interface TextRule {
  /** Ends the sentence "must …" of the error. */
  allowed: string;
  /** True, or false, or why not. */
  test: (value: string) => boolean | string;
  /** Characters at most; 256 by default. */
  max?: number;
  secret?: boolean;
  /** The canonical form of an accepted value. */
  canonical?: (value: string) => string;
}

export function text(rule: TextRule): Reader<string> {
  const max = rule.max ?? 256;
  return orUnknown((value, place) => {
    const at = rule.secret ? place.secret() : place;
    const refuse = (allowed: string): string => {
      at.refuseValue(allowed, value);
      return refused();
    };
    if (typeof value !== "string") return refuse("must be a text");
    if (value.length > max) return refuse(`must have ${max} characters at most, not ${value.length}`);
    const verdict = rule.test(value);
    if (verdict !== true)
      return refuse(verdict === false ? `must ${rule.allowed}` : `must ${rule.allowed}: ${verdict}`);
    return rule.canonical ? rule.canonical(value) : value;
  });
}
