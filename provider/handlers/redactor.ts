import { isUnknown } from "../model/unknown";
import { secretForms, shortest } from "./secret-forms";

/** What is secret whoever said it: private keys, whole or cut off, and password hashes of crypt(5). */
const patterns = [
  // Not beyond the beginning of another: the time would be that of all beginnings with all ends.
  /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(?:(?!-----BEGIN )[\s\S])+?-----END \1-----/g,
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?:\\[nr]|\s)+[A-Za-z0-9+/=]{16,})+/g,
  /\$(?:[1567y]|gy|2[aby]|sha1)\$[./A-Za-z0-9$=,-]{8,}/g,
];

/** Hides secrets in texts. It knows those that it was told, in every form in which they may stand there. */
export class Redactor {
  private readonly known = new Set<string>();
  private readonly forms = new Set<string>();
  private longestFirst: string[] | undefined;

  /** Learns all texts inside a value. */
  learn(value: unknown): void {
    if (typeof value === "string") this.learnText(value);
    else if (value !== null && typeof value === "object") Object.values(value).forEach((one) => this.learn(one));
  }

  /** The text with `[secret]` in the place of every form of every secret. */
  hide(text: string): string {
    this.longestFirst ??= [...this.forms].sort((a, b) => b.length - a.length);
    const hidden = this.longestFirst.reduce(
      (rest, form) => (form.length <= rest.length ? rest.replaceAll(form, "[secret]") : rest),
      text,
    );
    return patterns.reduce((rest, pattern) => rest.replace(pattern, "[secret]"), hidden);
  }

  private learnText(secret: string): void {
    if (secret.length < shortest || isUnknown(secret) || this.known.has(secret)) return;
    this.known.add(secret);
    for (const form of secretForms(secret)) this.forms.add(form);
    this.longestFirst = undefined;
  }
}

/** Of this process: what one resource's program says may hold a secret of another's. */
export const redactor = new Redactor();
