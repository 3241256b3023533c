import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Which packages earlier builds compiled (import path, version, Go version). Go prints only what it compiles and not
 * what its cache has, so a build that is resumed needs this to know how far it is. For the display only.
 */
export class CompiledPackages {
  private readonly known: Set<string>;

  constructor(private readonly file: string) {
    this.known = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
  }

  has(key: string): boolean {
    return this.known.has(key);
  }

  add(key: string): void {
    if (this.known.has(key)) return;
    this.known.add(key);
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${key}\n`);
  }
}
