import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./documents";

test("README's table names every page of docs, and each once", () => {
  const [, table = ""] = readFileSync(join(root, "README.md"), "utf8").split("## Where to go next");
  const named = [...table.matchAll(/^\| \[docs\/([\w.-]+)\]\(/gm)].map(([, name]) => name!);
  expect(named.sort()).toEqual(readdirSync(join(root, "docs")).sort());
});
