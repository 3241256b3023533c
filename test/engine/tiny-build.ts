// Child process: builds a tiny program the way ensureEngine builds a part. Arguments: cache directory.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildPart, workDirectory, writeModule } from "../../engine/build-part";
import { CompiledPackages } from "../../engine/compiled-packages";
import { withEngineLock } from "../../engine/engine-lock";
import { goToolchain } from "../../engine/go-toolchain";
import { lineReporter } from "../../engine/line-reporter";
import { Meter } from "../../engine/meter";
import type { Recipe } from "../../engine/recipe";

const recipe: Recipe = {
  part: "pulumi",
  title: "a tiny program",
  files: {
    "go.mod": "module tiny\n\ngo 1.21\n",
    "main.go": 'package main\n\nimport "fmt"\n\nvar version = "none"\n\nfunc main() { fmt.Println("tiny", version) }\n',
  },
  pkg: ".",
  stamp: "main.version=1.2.3",
  seconds: { modules: 1, compile: 10 },
  mebibytes: { modules: 0, compile: 100 },
};

async function main(cache: string): Promise<void> {
  const place = join(cache, "tiny");
  const reporter = lineReporter((line) => process.stderr.write(`${line}\n`), 1);
  await withEngineLock(cache, reporter, undefined, async (shared) => {
    if (existsSync(place)) return void process.stdout.write("found\n");
    writeModule(recipe, workDirectory(place));
    const go = await goToolchain(workDirectory(place), process.env);
    if ("why" in go) throw new Error(go.why);
    const meter = new Meter(11, shared);
    const compiled = new CompiledPackages(join(cache, "compiled-packages"));
    const program = await buildPart({ recipe, place, go, compiled, meter });
    meter.stop();
    process.stdout.write(`built ${program}\n`);
  });
}

void main(process.argv[2] ?? "");
