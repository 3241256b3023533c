import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export type Placement = "installed" | "linked";

/** Everything that the tests of one file made; removed by `removeAll`. */
const made: string[] = [];

export function removeAll(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-contract-"));
  made.push(folder);
  return folder;
}

/** The tarball that users get, made by npm from what is built. */
export function tarball(): string {
  if (!existsSync(join(root, "bin", "provider", "handlers", "index.js")))
    throw new Error("the package is not built: npm run build");
  const folder = temporary();
  const answer = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename } = { filename: "" }] = JSON.parse(answer) as { filename: string }[];
  return join(folder, filename);
}

/**
 * A program's folder with the package in its node_modules: `installed` from the tarball, or `linked` to this checkout.
 * The dependencies are links to this checkout's, `@pulumi/pulumi` to the SDK that is given.
 */
export function programFolder(placement: Placement, options: { tarball?: string; sdk?: string } = {}): string {
  const folder = temporary();
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  for (const entry of readdirSync(join(root, "node_modules"))) {
    if (["pulumi-nspawn", "@pulumi"].includes(entry) || entry.startsWith(".")) continue;
    symlinkSync(join(root, "node_modules", entry), join(modules, entry));
  }
  for (const entry of readdirSync(join(root, "node_modules", "@pulumi")))
    if (entry !== "pulumi") symlinkSync(join(root, "node_modules", "@pulumi", entry), join(modules, "@pulumi", entry));
  symlinkSync(options.sdk ?? join(root, "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
  const place = join(modules, "pulumi-nspawn");
  if (placement === "linked") symlinkSync(root, place);
  else unpack(options.tarball ?? tarball(), place);
  return folder;
}

function unpack(archive: string, place: string): void {
  mkdirSync(place);
  execFileSync("tar", ["-xzf", archive, "-C", place, "--strip-components=1"]);
}

/** Copies a program of `fixtures/` into a folder, so that it finds its packages there. */
export function withProgram(folder: string, fixture: string): string {
  const target = join(folder, fixture);
  cpSync(join(__dirname, "fixtures", fixture), target);
  return target;
}

/** The folder of an SDK version in the cache, installed by npm; or why it can't be had. */
export function sdk(version: string): { folder: string } | { reason: string } {
  const cache =
    process.env.PULUMI_NSPAWN_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pulumi-nspawn");
  const place = join(cache, "sdk", version);
  const folder = join(place, "node_modules", "@pulumi", "pulumi");
  if (existsSync(place)) return { folder };
  const building = mkdtempSync(join(ensured(join(cache, "sdk")), `.${version}-`));
  try {
    const flags = [
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--no-save",
      "--no-package-lock",
      "--engine-strict=false",
    ];
    execFileSync("npm", ["install", "--prefix", building, ...flags, `@pulumi/pulumi@${version}`], {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 240_000,
    });
    // Two runs at once: whoever comes second finds the folder there.
    if (!existsSync(place)) renameSync(building, place);
    return { folder };
  } catch (error) {
    return { reason: `npm could not install @pulumi/pulumi@${version}: ${lastLine((error as Error).message)}` };
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function ensured(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? text;
}
