// Part of `npm run lint`: every shell file by shellcheck and shfmt, with their own rules (.editorconfig has the indent).
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// test/golden has what is rendered onto hosts, test/attack the programs of before.
const folders = ["provider/host", "lab/assets", "examples", "bench"];

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".sh") && !name.includes("node_modules"))
    .map((name) => join(folder, name)),
);

/** True when all is well. */
function checked(program, args) {
  const { error, status } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error?.code === "ENOENT") console.error(`${program} is not installed; run apt-get install ${program}`);
  else if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}

const good = [checked("shellcheck", files), checked("shfmt", ["-d", ...folders])].every(Boolean);
console.log(`${files.length} shell files: ${good ? "clean" : "see above"}`);
process.exitCode = good && files.length > 0 ? 0 : 1;
