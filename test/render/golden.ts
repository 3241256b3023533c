import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Desired } from "../../provider/model/desired";

const goldens = join(__dirname, "../golden");

/**
 * Compares what is desired with test/golden/<name>: the whole files at their paths, and everything else in facts.json.
 * `UPDATE_GOLDEN=1` writes it anew; review the difference like code.
 */
export function expectGolden(name: string, desired: Desired): void {
  const { files, ...facts } = desired;
  const found: Record<string, string> = { "facts.json": `${JSON.stringify(facts, null, 2)}\n` };
  for (const [path, text] of Object.entries(files)) found[path.slice(1)] = text;
  const root = join(goldens, name);
  if (process.env.UPDATE_GOLDEN) write(root, found);
  expect(found).toEqual(read(root));
}

function write(root: string, files: Record<string, string>): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function read(root: string): Record<string, string> {
  const names = existsSync(root) ? (readdirSync(root, { recursive: true }) as string[]) : [];
  const paths = names.map((name) => join(root, name)).filter((path) => statSync(path).isFile());
  return Object.fromEntries(paths.map((path) => [relative(root, path), readFileSync(path, "utf8")]));
}
