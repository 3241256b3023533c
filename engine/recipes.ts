import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "./recipe";
import { versions } from "./versions";

const sdkVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The recipes of the parts that can be built, quickest last resort first. Times and sizes: two cores, cold caches. */
export function recipes(): Recipe[] {
  return [
    {
      part: "pulumi",
      title: "the Pulumi CLI",
      files: { "go.mod": cliModule() },
      pkg: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      stamp: `${sdkVersion}=v${versions.pulumi}`,
      seconds: { modules: 60, compile: 270 },
      mebibytes: { modules: 1700, compile: 900 },
    },
    {
      part: "pulumi-language-nodejs",
      title: "the Node.js language host",
      files: { "go.mod": languageHostModule() },
      pkg: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      stamp: `${sdkVersion}=v${versions.pulumi}`,
      seconds: { modules: 5, compile: 40 },
      mebibytes: { modules: 150, compile: 150 },
    },
    {
      part: "pulumi-resource-hcloud",
      title: "the hcloud plugin",
      files: goFiles(hcloudSource()),
      pkg: ".",
      stamp: `main.version=${versions.hcloud}`,
      seconds: { modules: 50, compile: 150 },
      mebibytes: { modules: 1100, compile: 1000 },
    },
  ];
}

function cliModule(): string {
  return [
    "module pulumi-nspawn/engine/pulumi",
    "go 1.25.0",
    `require github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}`,
    `require github.com/pulumi/pulumi/sdk/v3 v${versions.pulumi}`,
    "",
  ].join("\n");
}

function languageHostModule(): string {
  return [
    "module pulumi-nspawn/engine/language-nodejs",
    "go 1.25.0",
    `require github.com/pulumi/pulumi/sdk/v3 v${versions.languageHostModule}`,
    "",
  ].join("\n");
}

/** Go sources are not compiled by tsc, so they lie in engine/ whether this file runs from there or from bin/engine/. */
function hcloudSource(): string {
  const places = [join(__dirname, "hcloud-plugin"), join(__dirname, "../../engine/hcloud-plugin")];
  const found = places.find((place) => existsSync(join(place, "go.mod")));
  if (found === undefined)
    throw new Error(`the Go source of the hcloud plugin is missing; looked in ${places.join(", ")}`);
  return found;
}

function goFiles(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.go$|go\.mod$/.test(name),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}
