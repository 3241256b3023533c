import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Progress } from "../core/progress";
import { run } from "../core/run";
import { withLock } from "../core/with-lock";
import { bootstrapCommand, finishCommand, imageFiles, recipeText } from "./recipe";
import type { Tree } from "./trees";

/** The tree of a fresh server, made from the lab's mirror if this cache has none of this recipe. Nothing outside is reached. */
export async function ensureImage(tree: Tree, cache: string, mirror: string, progress: Progress): Promise<string> {
  const key = createHash("sha256").update(recipeText(tree)).update(basename(mirror)).digest("hex").slice(0, 16);
  const target = join(cache, `${tree.name}-${key}`);
  if (existsSync(target)) return target;
  return withLock(cache, basename(target), async () => {
    if (!existsSync(target)) await build(tree, target, mirror, progress);
    return target;
  });
}

async function build(tree: Tree, target: string, mirror: string, progress: Progress): Promise<void> {
  const partial = `${target}.partial`;
  const temporary = `${target}.tmp`;
  await run(["rm", "-rf", "--one-file-system", partial, temporary]);
  mkdirSync(temporary);
  const step = progress.step(`image ${tree.name} for the lab's servers (once, about a minute)`);
  const architecture = (await run(["dpkg", "--print-architecture"])).trim();
  // Namespaces of its own: mmdebstrap's mounts and processes end with it, also when it is killed.
  const alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  await run([...alone, ...bootstrapCommand(tree, mirror, architecture, partial)], {
    env: { ...process.env, LC_ALL: "C", TMPDIR: temporary },
    dieWithParent: true,
    onOutput: (text) => step.update(text.trim().split("\n").pop() ?? ""),
  });
  for (const [path, text] of Object.entries(imageFiles(tree))) {
    mkdirSync(dirname(join(partial, path)), { recursive: true });
    writeFileSync(join(partial, path), text);
    chmodSync(join(partial, path), 0o644);
  }
  await run(finishCommand(tree, partial));
  await run(["rm", "-rf", "--one-file-system", temporary]);
  renameSync(partial, target);
  step.done();
}
