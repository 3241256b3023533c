import { hostFile } from "./files";

/**
 * A text that is put onto hosts: a file of `texts` with its blanks filled in.
 *
 * @param blanks what stands in the file as `@NAME@`
 */
export function hostText(name: string, blanks: Record<string, string> = {}): string {
  return hostFile(`texts/${name}`).replace(/@([A-Z]+)@/g, (blank, key: string) => blanks[key] ?? blank);
}
