import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { flagsOf, root, typed } from "../documents/documents";
import type { Step } from "../documents/walk";
import { run, type Lab, type Result } from "../support/harness";

/** A reader of README.md in the repository, with a lab of a name of its own. */
export class Reader {
  constructor(readonly lab: Lab) {}

  private get options(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: root, env: { PULUMI_NSPAWN_LAB: this.lab.name, NO_COLOR: "1" } };
  }

  /** Types a command as it stands there; without a terminal, and nothing to read. */
  types(text: string): Promise<Result> {
    return run(["sh", "-c", text], this.options);
  }

  /** The same at a terminal, where somebody answers: what is waited for, and what is typed then. */
  answers(text: string, dialogue: [RegExp, string][]): Promise<Result> {
    const child = spawn("script", ["-qec", text, "/dev/null"], {
      ...this.options,
      env: { ...process.env, ...this.options.env },
    });
    const left = [...dialogue];
    let output = "";
    let unread = "";
    child.stdout.setEncoding("utf8").on("data", (more: string) => {
      output += more;
      unread += more;
      const [next] = left;
      if (next === undefined || !next[0].test(unread)) return;
      unread = "";
      left.shift();
      child.stdin.write(next[1]);
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? -1, stdout: output, stderr: "", output }));
    });
  }

  /** One command of the walk, for each of its addresses. */
  async walks(text: string, step: Step, addresses: string[]): Promise<Result[]> {
    const filled = Object.entries(step.with ?? {}).reduce((line, [name, value]) => line.replace(name, value), text);
    const lines = filled.includes("ADDRESS") ? addresses.map((one) => filled.replace("ADDRESS", one)) : [filled];
    const results: Result[] = [];
    for (const line of lines) results.push(await this.walk(line, step));
    return results;
  }

  private walk(line: string, step: Step): Promise<Result> {
    if (step.operator) return this.lab.exec("operator", ["env", `--chdir=${root}`, "sh", "-c", line]);
    if (!line.includes(" ssh ")) return this.types(line);
    return this.answers(line, [
      [/\(yes\/no/, "yes\n"],
      [/[#$] $/, "echo logged in to $(hostname); exit\n"],
    ]);
  }
}

/** Which commands of README.md and docs have flags that what they start does not know; each with where it stands. */
export async function unknownFlags(lab: Lab): Promise<string[]> {
  const wrong: string[] = [];
  const helps = new Map<string, Promise<Result>>();
  for (const { text, at } of typed()) {
    const flags = flagsOf(text);
    const help = helpOf(text);
    if (flags.length === 0 || help === undefined) continue;
    const key = help.join(" ");
    const asked = helps.get(key) ?? (help[0] === "pulumi" ? lab.exec("operator", help) : run(help));
    helps.set(key, asked);
    const { code, output } = await asked;
    const unknown = flags.filter((flag) => !new RegExp(`(^|[\\s,])${flag}\\b`, "m").test(output));
    if (code !== 0 || unknown.length > 0) wrong.push(`${at}: ${text}: ${unknown.join(" ")} (${key}: ${code})`);
  }
  return wrong;
}

/** The command that tells the flags of another. */
function helpOf(text: string): string[] | undefined {
  const words = text.split(" ");
  const program = (file: string) => [process.execPath, join(root, "bin", file), "--help"];
  if (text.startsWith("npx pulumi-nspawn ")) {
    const names = words.slice(2, words[2] === "lab" ? 4 : 3);
    return [process.execPath, join(root, "bin", "cli", "main.js"), ...names, "--help"];
  }
  const npm = /^npm (?:run )?(\S+) -- /.exec(text)?.[1];
  if (npm !== undefined) {
    const [name] = npm.split(":");
    const files = [`tools/${name}.js`, `${name}/main.js`, `test/${name}/main.js`];
    return program(files.find((file) => existsSync(join(root, "bin", file))) ?? npm);
  }
  if (words[0] !== "pulumi") return undefined;
  const names = words.slice(1).filter((word) => /^[a-z]+$/.test(word));
  return [
    "pulumi",
    ...(["stack", "config", "state"].includes(names[0] ?? "") ? names.slice(0, 2) : names.slice(0, 1)),
    "--help",
  ];
}
