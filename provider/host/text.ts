import { hostFile } from "./files";

/**
 * A text that is put onto hosts: a file of `texts` with its blanks filled in.
 *
 * @param blanks what stands in the file as `@NAME@`
 */
export const hostText = (name: string, blanks: Record<string, string> = {}): string =>
  filledIn(hostFile(`texts/${name}`), blanks);

/** The same of a part of such a file. */
export const filledIn = (text: string, blanks: Record<string, string>): string =>
  text.replace(/@([A-Z]+)@/g, (blank, key: string) => blanks[key] ?? blank);

/** A program of this folder for `perl -e`, without its comments. */
export const perlText = (name: string): string => hostFile(`${name}.pl`).replace(/^#.*\n/gm, "");
