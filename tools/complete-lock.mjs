// Run after `npm install NAME` where the registry does not hold builds for every platform: npm then leaves such
// optional packages out of package-lock.json, and `npm ci` refuses the file. Adds an entry for each, by name and version.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const { packages } = lock;

/** `@oxc-parser/binding-linux-arm64-gnu` is for linux and arm64. */
function platformOf(name) {
  const [os, cpu] = name
    .split("/")
    .pop()
    .replace(/^(resolver-)?binding-/, "")
    .split("-");
  return { os: [os], cpu: [cpu] };
}

for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const nested = `${parent === "" ? "" : `${parent}/`}node_modules/${name}`;
    if (packages[nested] ?? packages[`node_modules/${name}`]) continue;
    packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ""),
      dev,
      optional: true,
      ...platformOf(name),
    };
    process.stdout.write(`${name} ${range}\n`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
