import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debian } from "../../support/debian";
import { root, type Lab, type Stack } from "../../support/harness";
import { commandsOf } from "../../support/readme-block";

/** A program of examples/, in a lab, as its README has it typed. */
export class Example {
  readonly stack: Stack;
  private readonly folder: string;

  constructor(
    readonly lab: Lab,
    readonly name: string,
  ) {
    this.folder = join(lab.directory, name);
    this.stack = lab.stack("dev");
    this.stack.project = this.folder;
  }

  /** Its folder in the lab: the example as it is, or of the run's release. */
  place(): void {
    const from = join(root, "examples", this.name);
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(from, this.folder, { recursive: true, filter: (path) => !/\/(bin|node_modules)$/.test(path) });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    for (const file of readdirSync(this.folder).filter((each) => each.endsWith(".ts"))) {
      const text = readFileSync(join(this.folder, file), "utf8");
      writeFileSync(
        join(this.folder, file),
        text.replaceAll("debian-13", debian.image).replaceAll("trixie", debian.suite),
      );
    }
  }

  /** Commands up to `pulumi up`; what one looks at then; and `pulumi destroy`. */
  get typed(): { makes: string[]; looks: string[]; removes: string[] } {
    const all = commandsOf(readFileSync(join(root, "examples", this.name, "README.md"), "utf8"));
    const up = all.indexOf("pulumi up");
    return { makes: all.slice(0, up + 1), looks: all.slice(up + 1, -1), removes: all.slice(-1) };
  }

  /** Types a command in its folder, where the operator is. `given` stands for what a reader has of his own. */
  async types(command: string, given: Record<string, string> = {}): Promise<string> {
    const text = Object.entries({ ...inLab, ...given }).reduce(
      (line, [words, own]) => line.replaceAll(words, own),
      command,
    );
    const script = `cd ${this.folder}; export PULUMI_STACK=dev; ${text}`;
    const { code, stdout, output } = await this.lab.exec("operator", ["bash", "-ec", script]);
    if (code !== 0) throw new Error(`${command}\nexited with ${code}:\n${output}`);
    return stdout.trim();
  }

  async outputs(): Promise<any> {
    return JSON.parse(await this.types("pulumi stack output --json"));
  }

  /** What the lab calls its servers. */
  async servers(): Promise<string[]> {
    const { servers } = (await this.lab.api("GET", "/servers")) as { servers: { name: string }[] };
    return servers.map(({ name }) => name);
  }

  /** In a machine's network namespace, with the programs of its host. */
  readonly inside = (host: string, machine: string, text: string): Promise<string> =>
    this.lab.sh(host, `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -ec '${text}'`);
}

/** What is otherwise where nobody answers questions, and where the dependencies and the token are there. */
const inLab: Record<string, string> = {
  "npm install && ": "",
  "pulumi config set --secret hcloud:token": ": # the lab's variables have it",
  "~/.ssh/id_ed25519.pub": "$NSPAWN_PUBLIC_KEY_FILE",
  "pulumi up": "pulumi up --yes --skip-preview",
  "pulumi destroy": "pulumi destroy --yes --skip-preview",
  "ssh ": "ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new ",
};
