import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { blocks, root, type Block } from "./documents";

/** What blocks take for granted. */
const prelude = `
import { readFileSync } from "node:fs";
import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";
declare const publicKey: string;
declare const host: nspawn.NspawnHost, a: nspawn.NspawnHost, b: nspawn.NspawnHost;
declare const web: nspawn.NspawnMachine, db: nspawn.NspawnMachine;
declare const lxcdebian: nspawn.NspawnMachine, lxcweb: nspawn.NspawnMachine;
declare const bridgeOfA: nspawn.BridgeNetwork, bridgeOfB: nspawn.BridgeNetwork;
declare const image: ReturnType<typeof nspawn.image.debootstrap>;
`;

/** A block as a function, with its imports above; a part of a machine's arguments as such. */
function source({ text }: Block): string {
  const body = text.replace(/^import .*$/gm, "").replace(/^export const/gm, "const");
  const fragment = /^\s*[a-z]\w*: /.test(body);
  return `${prelude}export function block() {\n${fragment ? `const args: Partial<nspawn.NspawnMachineArgs> = {\n${body}\n};` : body}\n}\n`;
}

const programs = blocks().filter(({ language }) => language === "ts");

describe("programs of README.md and docs", () => {
  const file = (index: number) => join(root, "test", "documents", `block-${index}.ts`);
  let diagnostics: string[][] = [];

  beforeAll(() => {
    const texts = new Map(programs.map((block, index) => [file(index), source(block)]));
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => readFileSync(path, "utf8")) as {
      config: { compilerOptions: object };
    };
    const own = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, types: ["node"] };
    const paths = { "pulumi-nspawn": [join(root, "provider", "index.ts")] };
    const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...own, paths }, root);
    const host = ts.createCompilerHost(options);
    const readFile = host.readFile.bind(host);
    const fileExists = host.fileExists.bind(host);
    Object.assign(host, {
      readFile: (path: string) => texts.get(path) ?? readFile(path),
      fileExists: (path: string) => texts.has(path) || fileExists(path),
    });
    const program = ts.createProgram([...texts.keys()], options, host);
    diagnostics = programs.map((_, index) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file(index)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    );
  }, 240_000);

  test.each(programs.map(({ at }, index) => [at, index] as const))("%s fits the library's types", (_, index) => {
    expect(diagnostics[index]).toEqual([]);
  });

  test("the smallest one is examples/first-machine", () => {
    const example = readFileSync(join(root, "examples", "first-machine", "index.ts"), "utf8");
    const smallest = programs.find(({ at }) => at.startsWith("README.md"))!.text;
    const bare = (text: string) =>
      text
        .replace(/^(import|\/\/|export|const publicKey|const config).*$/gm, "")
        .replace(/\s+/g, " ")
        .trim();
    expect(bare(example)).toContain(bare(smallest));
  });
});
