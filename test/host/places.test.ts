import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../lab/core/places";
import { hostProgram } from "../../provider/host/program";

/** Names of trees and of what is in them, and commands that work in one. */
const touches =
  /\$\{?(TREES|tree|ROOT|place|PARTIAL|image|BURIED)\b|\$LIBRARY\/(images|trash)|\b(within|in_tree|tree_pl|discard|nsenter) |--machine=|--root=/;
/** The same words with another meaning. */
const others = ["look_up", "files_of_others", "step_commit", "snapshot_units", "verify_signature", "step_confirm"];

/** Functions of the script by name. */
function functions(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    const begins = /^([a-z_0-9]+)\(\) /.exec(line)?.[1];
    if (begins !== undefined) found.set((name = begins), "");
    if (name !== undefined) found.set(name, `${found.get(name)}${line}\n`);
    if (line === "}" || (begins !== undefined && /\}( #.*)?$/.test(line))) name = undefined;
  }
  return found;
}

/** Names in the first column of the table of places. */
function listed(): string[] {
  const page = readFileSync(join(packageDir(), "docs/security.md"), "utf8");
  const [, table = ""] = page.split("| function | what it does | protected by | tried in |");
  const rows = table.split("\n\n")[0]!.split("\n").slice(2);
  return rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
}

describe("the places where root touches a tree", () => {
  const all = functions(hostProgram());
  const places = [...all].filter(([name, body]) => touches.test(body) && !others.includes(name)).map(([name]) => name);

  it("are found in the script", () => {
    expect(all.size).toBeGreaterThan(250);
    expect(places).toEqual(expect.arrayContaining(["step_guest_file", "step_receive", "facts_of_files", "undo_tree"]));
  });

  it("are all in the table of docs/security.md, which names no others", () => {
    const table = listed();
    expect(places.filter((name) => !table.includes(name))).toEqual([]);
    expect(table.filter((name) => !all.has(name))).toEqual([]);
    expect(table.filter((name, index) => table.indexOf(name) !== index)).toEqual([]);
  });
});
