// Part of the build: what runs on hosts is no TypeScript, and goes to the compiled library as it is; and the command can be
// run by npx, which starts what a package has of its own without making it executable.
import { chmodSync, cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
cpSync(join(root, "provider", "host"), join(root, "bin", "provider", "host"), {
  recursive: true,
  filter: (path) => !path.endsWith(".ts"),
});
chmodSync(join(root, "bin", "cli", "main.js"), 0o755);
