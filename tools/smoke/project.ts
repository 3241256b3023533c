import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interruption } from "./interruption";
import { runProgram } from "./program-run";

const root = join(__dirname, "..", "..", "..");
const stack = "smoke";

/** A Pulumi project in a folder of its own, with its state, a passphrase and two keys. All of it is private to its owner. */
export class Project {
  /** Permission 0700, made by mkdtemp(3). */
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-nspawn-smoke-"));
  readonly keyFile = join(this.folder, "operator_ed25519");
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly interruption: Interruption,
    caller: NodeJS.ProcessEnv,
  ) {
    const passphrase = join(this.folder, "passphrase");
    writeFileSync(passphrase, randomBytes(24).toString("hex"), { mode: 0o600 });
    mkdirSync(join(this.folder, "state"));
    const settings = {
      name: "pulumi-nspawn-smoke",
      runtime: { name: "nodejs", options: { typescript: false } },
      main: "index.js",
    };
    // JSON is YAML.
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify(settings));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: settings.name, private: true }));
    writeFileSync(
      join(this.folder, "index.js"),
      `module.exports = require(${JSON.stringify(require.resolve("./program"))});\n`,
    );
    // The provider process finds the library by name from here.
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    this.env = {
      ...caller,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "1",
    };
    // The caller's own stack, and keys that would be tried first.
    for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK", "SSH_AUTH_SOCK"]) delete this.env[name];
  }

  /** Makes an SSH key pair of this run in a file; returns both halves. */
  async makeKey(file: string): Promise<{ privateKey: string; publicKey: string }> {
    const argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pulumi-nspawn-smoke", "-f", file];
    const { code, stderr } = await runProgram(argv, this.interruption);
    if (code !== 0) throw new Error(`ssh-keygen failed: ${stderr}`);
    return { privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
  }

  /** The stack, with the SSH key as a secret of its configuration. */
  async init(privateKey: string): Promise<void> {
    await this.quietly(["stack", "init", stack]);
    await this.quietly(["config", "set", "--secret", "nspawn:sshPrivateKey", "--stack", stack], privateKey);
    await this.quietly(["config", "set", "hcloud:pollFunction", "constant", "--stack", stack]);
  }

  async up(declared: object): Promise<void> {
    const code = await this.shown(["up"], { NSPAWN_SMOKE: JSON.stringify(declared) });
    this.interruption.check();
    if (code !== 0) throw new Error(`pulumi up ended with exit code ${code}`);
  }

  async outputs<T>(): Promise<T> {
    return JSON.parse(await this.quietly(["stack", "output", "--json", "--show-secrets", "--stack", stack])) as T;
  }

  /** Whether `pulumi destroy` ended well. */
  async destroy(): Promise<boolean> {
    return (await this.shown(["destroy"], {})) === 0;
  }

  /** What to type to destroy by hand what this project's state knows of. */
  byHand(): string {
    const set = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"].map((name) => `${name}=${this.env[name]}`);
    return `cd ${this.folder} && ${set.join(" ")} pulumi destroy --stack ${stack}`;
  }

  /** Keeps a copy of nothing: keys, passphrase and state go. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async shown(args: string[], env: Record<string, string>): Promise<number> {
    const argv = ["pulumi", ...args, "--yes", "--skip-preview", "--non-interactive", "--stack", stack];
    const options = { cwd: this.folder, env: { ...this.env, ...env }, show: true };
    return (await runProgram(argv, this.interruption, options)).code;
  }

  private async quietly(args: string[], input?: string): Promise<string> {
    const argv = ["pulumi", ...args, "--non-interactive"];
    const { code, stdout, stderr } = await runProgram(argv, this.interruption, {
      cwd: this.folder,
      env: this.env,
      input,
    });
    if (code === 0) return stdout;
    throw new Error(`pulumi ${args.slice(0, 3).join(" ")} ended with exit code ${code}:\n${stderr}`);
  }
}
