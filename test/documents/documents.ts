import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

/** A fenced block of README.md, docs or docs/reference. */
export interface Block {
  language: string;
  text: string;
  /** `docs/lab.md:12`. */
  at: string;
}

/** A command that a reader may type: a line of a block, or one in backticks. */
export interface Typed {
  /** As one types it in the repository: `lab up` of docs/lab.md is `npx pulumi-nspawn lab up`. */
  text: string;
  at: string;
}

const files = (): string[] => [
  "README.md",
  ...["docs", "docs/reference"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

/** All fenced blocks, in order. */
export function blocks(): Block[] {
  return files().flatMap((file) => {
    const found: Block[] = [];
    let open: Block | undefined;
    let indent = 0;
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .forEach((line, index) => {
        const fence = /^( *)```(\w*)$/.exec(line);
        if (fence === null) {
          if (open !== undefined) open.text += `${line.slice(indent)}\n`;
        } else if (open === undefined) {
          indent = fence[1]!.length;
          open = { language: fence[2]!, text: "", at: `${file}:${index + 1}` };
        } else {
          found.push(open);
          open = undefined;
        }
      });
    return found;
  });
}

const starts = /^(npm|npx|node|pulumi|pulumi-nspawn|lab) /;

/** Everything that a reader may type, once each. */
export function typed(): Typed[] {
  const all = [...blocks().flatMap(ofBlock), ...files().flatMap(ofProse)];
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

function ofBlock({ language, text, at }: Block): Typed[] {
  if (language !== "sh" && language !== "console") return [];
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const prompts = lines.some((line) => line.startsWith("$ "));
  if (language === "console" && !prompts) return [];
  const commands = prompts ? lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2)) : lines;
  return commands.flatMap((line) => {
    const bare = line.replace(/(^|\s)# .*$/, "").trim();
    return bare === "" ? [] : [{ text: full(bare), at }];
  });
}

/** In backticks, without those that are set apart in a block. */
function ofProse(file: string): Typed[] {
  const text = readFileSync(join(root, file), "utf8").replace(/^ *```\w*\n[^]*?^ *```$/gm, (block) =>
    block.replace(/[^\n]/g, ""),
  );
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(({ 1: span = "", index }) => {
    const line = span.replaceAll("\\|", "|").replace(/\s+/g, " ").trim();
    const at = `${file}:${text.slice(0, index).split("\n").length}`;
    return starts.test(`${line} `) && /\s/.test(line) ? [{ text: full(line), at }] : [];
  });
}

function full(line: string): string {
  const subcommand = /^(lab|ls|doctor) /.test(`${line} `) ? `pulumi-nspawn ${line}` : line;
  return subcommand.startsWith("pulumi-nspawn ") ? `npx ${subcommand}` : subcommand;
}

/** The flags of a command that are its own: not those of what it is given to run. */
export function flagsOf(text: string): string[] {
  const npm = /^npm (start|test|run \S+) -- (.*)$/.exec(text);
  const own = npm?.[2] ?? text.split(/ -- /)[0]!;
  return [...own.matchAll(/(?:^|[\s[])(--[a-z][a-z0-9-]*|-[a-z]\b)/g)].map(([, flag]) => flag!);
}
