import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../lab/core/places";
import type { Spec } from "./spec";
import { debian } from "./debian";
import type { Reachability } from "../../provider/model/reachability";

export const root = packageDir();
const cli = join(root, "bin", "cli", "main.js");
const program = join(root, "test", "support", "program");

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order they came. */
  output: string;
}

/** A command that runs. */
export interface Running {
  pid: number;
  /** What it said so far. */
  said: Result;
  ended: Promise<Result>;
}

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

export function start(argv: string[], options: RunOptions = {}): Running {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { cwd: options.cwd ?? root, env: { ...process.env, ...options.env } });
  const said: Result = { code: -1, stdout: "", stderr: "", output: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => ((said.stdout += text), (said.output += text)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => ((said.stderr += text), (said.output += text)));
  const ended = new Promise<Result>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...said, code: code ?? -1 }));
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return { pid: child.pid ?? -1, said, ended };
}

/** Runs a command to its end, whatever its exit code. */
export function run(argv: string[], options: RunOptions = {}): Promise<Result> {
  return start(argv, options).ended;
}

/** The same, and its standard output; a failure shows everything that the command said. */
async function must(result: Promise<Result>, what: string): Promise<string> {
  const { code, output, stdout } = await result;
  if (code !== 0) throw new Error(`${what} exited with ${code}:\n${output}`);
  return stdout;
}

/** One lab of a test, driven through the command as a user would. */
export class Lab {
  /** Where the state of the lab's stacks is. */
  readonly directory: string;

  constructor(readonly name: string) {
    this.directory = join("/var/lib/pulumi-nspawn-lab", name);
  }

  private lab(...args: string[]): string[] {
    return [process.execPath, cli, "lab", ...args];
  }

  /** The lab with the engine, as `npm start` prepares it. */
  async up(): Promise<void> {
    await must(
      run([process.execPath, join(root, "bin", "tools", "start.js"), "--lab", this.name, "--only-lab", "--yes"]),
      "lab up",
    );
  }

  async down(): Promise<void> {
    await must(run(this.lab("down", "--name", this.name)), "lab down");
  }

  exec(place: string, argv: string[], input?: string): Promise<Result> {
    return this.start(place, argv, input).ended;
  }

  start(place: string, argv: string[], input?: string): Running {
    return start(this.lab("exec", "--name", this.name, place, "--", ...argv), { input });
  }

  /** Output of a command that has to succeed. */
  out(place: string, ...argv: string[]): Promise<string> {
    return must(this.exec(place, argv), `${place}: ${argv.join(" ")}`);
  }

  sh(place: string, script: string): Promise<string> {
    return this.out(place, "sh", "-ec", script);
  }

  /** What the lab tells programs: endpoint, token, key path. */
  async env(): Promise<LabEnv> {
    return JSON.parse(await must(run(this.lab("env", "--name", this.name, "--json")), "lab env")) as LabEnv;
  }

  /** A request to the lab's API, as curl in the operator's namespace sends it. */
  async api(method: string, path: string, body?: object): Promise<any> {
    const { HCLOUD_TOKEN, HCLOUD_ENDPOINT } = await this.env();
    const headers = ["-H", `Authorization: Bearer ${HCLOUD_TOKEN}`, "-H", "Content-Type: application/json"];
    const data = body === undefined ? [] : ["-d", JSON.stringify(body)];
    const text = await this.out(
      "operator",
      "curl",
      "-sS",
      "-X",
      method,
      ...headers,
      ...data,
      `${HCLOUD_ENDPOINT}${path}`,
    );
    return text === "" ? undefined : JSON.parse(text);
  }

  stack(name: string): Stack {
    return new Stack(this, name);
  }
}

export interface LabEnv {
  HCLOUD_TOKEN: string;
  HCLOUD_ENDPOINT: string;
  NSPAWN_LAB_SSH_KEY: string;
}

/** A stack of the test program in a lab. */
export class Stack {
  readonly specPath: string;
  /** Variables of the lab that it does not get: SSH_AUTH_SOCK when the key has to come from elsewhere than the agent. */
  without: string[] = [];
  /** A public key that the program reads instead of the lab's. */
  publicKeyFile = "";
  /** Its folder for temporary files, instead of everybody's. */
  temporary = "";
  /** The folder of its Pulumi.yaml. */
  project = program;

  constructor(
    readonly lab: Lab,
    readonly name: string,
  ) {
    this.specPath = join(lab.directory, `spec-${name}.json`);
  }

  declare(spec: Spec): void {
    writeFileSync(this.specPath, JSON.stringify({ release: debian, ...spec }));
  }

  /** `pulumi ARGS` in the operator's namespace, from where nothing can leave the machine. */
  pulumi(...args: string[]): Promise<Result> {
    return this.pulumiWith("", ...args);
  }

  /** The same, with something on its standard input: a secret that must not stand in a command line. */
  pulumiWith(input: string, ...args: string[]): Promise<Result> {
    return this.startWith(input, ...args).ended;
  }

  /** `pulumi ARGS`, running. */
  start(...args: string[]): Running {
    return this.startWith("", ...args);
  }

  private startWith(input: string, ...args: string[]): Running {
    const variables = {
      ...{ NSPAWN_TEST_SPEC: this.specPath, PULUMI_STACK: this.name },
      ...(this.publicKeyFile === "" ? {} : { NSPAWN_PUBLIC_KEY_FILE: this.publicKeyFile }),
      ...(this.temporary === "" ? {} : { TMPDIR: this.temporary }),
    };
    const without = this.without.map((name) => `--unset=${name}`);
    const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const argv = ["env", `--chdir=${this.project}`, ...without, ...given, "pulumi", ...args, "--non-interactive"];
    return this.lab.start("operator", argv, input);
  }

  async init(): Promise<void> {
    await must(this.pulumi("stack", "init", this.name), "stack init");
  }

  async up(spec: Spec, ...args: string[]): Promise<string> {
    this.declare(spec);
    return must(this.pulumi("up", "--yes", "--skip-preview", ...args), "up");
  }

  /** The preview that finds drift; exit code 7 means that there is some. */
  drift(): Promise<Result> {
    return this.pulumi("preview", "--refresh", "--diff", "--expect-no-changes");
  }

  async outputs(): Promise<Outputs> {
    return JSON.parse(await must(this.pulumi("stack", "output", "--json"), "outputs")) as Outputs;
  }

  async export(...args: string[]): Promise<State> {
    return JSON.parse(await must(this.pulumi("stack", "export", ...args), "export")) as State;
  }

  async destroy(): Promise<string> {
    return must(this.pulumi("destroy", "--yes", "--skip-preview"), "destroy");
  }
}

export interface Outputs {
  hosts: Record<string, { ipv4?: string; ipv6Network?: string }>;
  machines: Record<string, { ipv4?: string; ipv6?: string; subnets?: string[] }>;
  fleets: Record<string, { addresses: Record<string, string[]>; byHost: Record<string, string[]> }>;
  reachability: Record<string, Reachability[]>;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, any>;
  outputs?: Record<string, any>;
  protect?: boolean;
  retainOnDelete?: boolean;
}

export interface State {
  deployment: { resources?: StateResource[] };
}
