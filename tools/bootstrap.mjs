// Runs before anything is installed: plain Node. Installs the dependencies, builds, then runs the command.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sources = [
  "provider",
  "cli",
  "lab",
  "engine",
  "tools",
  "bench",
  "test/faults",
  "test/attack",
  "test/support",
  "stacks",
  "examples",
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
];

function run(what, command, args) {
  const begun = Date.now();
  process.stderr.write(`${what} …`);
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  process.stderr.write(` ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  if (result.status === 0) return;
  process.stderr.write(
    `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}\n${what} failed: ${command} ${args.join(" ")}\n`,
  );
  process.exit(1);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== "node_modules" && name !== "bin");
  return Math.max(entry.mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

/** Does the work once per key: the stamp holds the key of the last time. */
function once(stamp, key, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  process.stderr.write(`Node ${process.versions.node} is too old: 20 or newer is needed (https://nodejs.org).\n`);
  process.exit(1);
}

requireNode();
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
once(join(root, "node_modules", ".pulumi-nspawn-lock"), lock, () =>
  run("installing dependencies", "npm", ["ci", "--no-progress"]),
);
once(join(root, "bin", ".built"), String(Math.max(...sources.map((name) => newest(join(root, name))))), () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run("building the library", process.execPath, [tsc, "-p", "tsconfig.build.json"]);
  run("copying what runs on hosts", process.execPath, [join(root, "tools", "copy-host-files.mjs")]);
  const examples = readdirSync(join(root, "examples")).map((name) => join("examples", name));
  // One in plain JavaScript has nothing to build.
  for (const program of ["stacks", ...examples.filter((name) => existsSync(join(root, name, "tsconfig.json")))]) {
    run(`building ${program}`, process.execPath, [tsc, "-p", program]);
  }
});

const [command = "help", ...rest] = process.argv.slice(2);
const entry = [join("tools", `${command}.js`), ...["", "test"].map((folder) => join(folder, command, "main.js"))]
  .map((file) => join(root, "bin", file))
  .find(existsSync);
if (entry === undefined) {
  process.stderr.write(`unknown command: ${command}\n`);
  process.exit(2);
}
const child = spawnSync(process.execPath, [entry, ...rest], { cwd: root, stdio: "inherit" });
process.exit(child.status ?? 1);
