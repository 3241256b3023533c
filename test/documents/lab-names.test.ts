import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./documents";

/** A lab that a file of the tests starts; `*` stands for what only the run knows, `#` for its process. */
interface Named {
  name: string;
  at: string;
}

/** `new Lab("e2e")`, `{ lab: "e2e-faults" }` of a suite that makes labs itself, and constants by which a test calls `labUp`. */
const forms = [/new Lab\((["`])(.*?)\1\)/g, /\blab: (["`])(.*?)\1/g, /^const \w+ = (["`])(test-lab-.*?)\1;$/gm];

const labsIn = (text: string, file: string): Named[] =>
  forms.flatMap((form) =>
    [...text.matchAll(form)].map(({ 2: name = "", index }) => ({
      name: name.replaceAll("${process.pid}", "#").replace(/\$\{.*?\}/g, "*"),
      at: `${file}:${text.slice(0, index).split("\n").length}`,
    })),
  );

/** Whether one run may give both the same name. */
function clash(one: Named, other: Named): boolean {
  const isOf = (name: string, pattern: string): boolean => {
    const exact = pattern.replace(/[.\\+?^$()[\]{}|]/g, "\\$&");
    return new RegExp(`^${exact.replaceAll("*", ".*").replaceAll("#", "(#|\\d+)")}$`).test(name);
  };
  return isOf(one.name, other.name) || isOf(other.name, one.name);
}

const clashes = (labs: Named[]): string[] =>
  labs.flatMap((one, index) =>
    labs.slice(index + 1).flatMap((other) => (clash(one, other) ? [`${one.name}: ${one.at} and ${other.at}`] : [])),
  );

describe("labs of tests", () => {
  const folder = join(root, "test", "lab");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const labs = files.flatMap((file) => labsIn(readFileSync(join(folder, file), "utf8"), `test/lab/${file}`));

  test("are found, each with where it is started", () => {
    const names = labs.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["e2e", "e2e-faults", "test-lab-a", "ex-*", "e2e-subnets-*"]));
    // A test that starts none of its own has to be known here.
    const without = files.filter(
      (file) => file.endsWith(".test.ts") && !labs.some(({ at }) => at.startsWith(`test/lab/${file}:`)),
    );
    expect(without.sort()).toEqual(["example.test.ts", "long/examples.test.ts", "refused-arguments.test.ts"]);
  });

  test("have names that no other test has, because tests run side by side", () => {
    expect(clashes(labs)).toEqual([]);
  });

  test("would be told apart, and named where they are not", () => {
    const at = (name: string) => labsIn(`new Lab(${name})`, name)[0]!;
    expect(clashes([at('"e2e-nat"'), at('"e2e-nat"')])).toHaveLength(1);
    expect(clashes([at("`e2e-subnets-${uplink}`"), at('"e2e-subnets-strict"')])).toHaveLength(1);
    expect(clashes([at("`move-${process.pid}`"), at("`move-${process.pid}`")])).toHaveLength(1);
    expect(
      clashes([at("`move-${process.pid}`"), at("`move-stack-${process.pid}`"), at('"e2e"'), at('"e2e-nat"')]),
    ).toEqual([]);
  });
});
