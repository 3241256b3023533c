import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { Program } from "../../provider/plan/program";
import type { Step } from "../../provider/plan/step";
import { readFrom } from "../../provider/host/files";
import { hostCommand, ready } from "../../provider/host/command";
import { payload } from "../../provider/remote/payload";
import { packageDir } from "../../lab/core/places";
import { changedCopy } from "./changed-copy";
import { ReportParser, type Report } from "../../provider/remote/report";

const copy = mkdtempSync(join(tmpdir(), "pulumi-nspawn-host-"));
changedCopy(copy, { unset: "/run/unset" }, join(packageDir(), "provider/host"));
readFrom(copy);
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));

/** Mount namespaces need root. */
export const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

/**
 * A place where the real script runs as on a host, without touching the machine: a mount namespace of its own for each
 * run, with the same private folders over /etc/systemd, /etc/pulumi-nspawn, /run and /var/lib each time.
 */
export class Place {
  readonly root = mkdtempSync(join(tmpdir(), "pulumi-nspawn-test-"));

  /**
   * @param etc files of /etc by their path in it, beside those that identify the system
   * @param network the name of a network namespace, as ip-netns(8) has it; the machine's own when absent
   * @param more shell lines that prepare the place before each run
   */
  constructor(
    private readonly etc: Record<string, string> = {},
    private readonly network?: string,
    private readonly more: string[] = [],
  ) {
    for (const [path, text] of Object.entries(etc)) {
      mkdirSync(dirname(this.at(`/own-etc/${path}`)), { recursive: true });
      writeFileSync(this.at(`/own-etc/${path}`), text);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A path of the host as it is in this place. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Runs a shell text in the place. */
  shell(text: string): Promise<{ code: number | null; output: string }> {
    return this.inside(text, undefined).then(({ code, output }) => ({ code, output: output.toString("utf8") }));
  }

  async run(
    steps: Step[],
    texts: Record<string, string> = {},
    issued = Date.now(),
    input?: Readable,
  ): Promise<Report & { progress: string[] }> {
    const program: Program = { steps, texts, deadline: 60 };
    const { output, errors } = await this.inside(hostCommand(), program, issued, input);
    const progress: string[] = [];
    const parser = new ReportParser({
      progress: (text) => void progress.push(text),
      confirm: () => undefined,
    });
    parser.push(report(output));
    if (existsSync(this.at("/run/unset"))) expect(readFileSync(this.at("/run/unset"), "utf8")).toBe("");
    return { ...parser.finish("test", errors), progress };
  }

  private inside(
    text: string,
    program: Program | undefined,
    issued = 0,
    input?: Readable,
  ): Promise<{ code: number | null; output: Buffer; errors: string }> {
    const over = ["/etc/systemd", "/etc/pulumi-nspawn", "/etc/other", "/run", "/var/lib"];
    const mounts = over.map((path) => `mkdir -p ${this.at(path)} ${path}; mount --bind ${this.at(path)} ${path}`);
    const setup = [
      "mount -t tmpfs tmpfs /opt; mkdir /opt/etc; cp -a /etc/passwd /etc/group /etc/debian_version /etc/os-release /etc/alternatives /opt/etc; mount --bind /opt/etc /etc",
      ...(Object.keys(this.etc).length === 0 ? [] : [`cp -a ${this.at("/own-etc")}/. /etc`]),
      ...mounts,
      // Other tools than the machine's, such as uutils' coreutils (docs/hosts.md).
      ...(process.env.NSPAWN_TEST_BIN ? [`mount --bind ${process.env.NSPAWN_TEST_BIN} /usr/local/bin`] : []),
      "mkdir -p /run/lock",
      ...this.more,
    ];
    const within = this.network === undefined ? [] : ["nsenter", `--net=/run/netns/${this.network}`];
    const [file = "", ...words] = [
      ...within,
      "unshare",
      "--mount",
      "--propagation",
      "private",
      "sh",
      "-c",
      `${setup.join("\n")}\nexec sh -c "$1"`,
      "sh",
      text,
    ];
    const child = spawn(file, words);
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString("utf8")));
    child.stdin.on("error", () => undefined);
    if (program === undefined) child.stdin.end();
    else payload(program, { issued, token: "test", window: 5, patience: 5 }, input).pipe(child.stdin);
    return new Promise((resolve) =>
      child.on("close", (code) => resolve({ code, output: Buffer.concat(output), errors })),
    );
  }
}

/** What comes after our command has said that it is there. */
export function report(output: Buffer): Buffer {
  const mark = `\n${ready}\n`;
  const at = output.indexOf(mark);
  if (at < 0) throw new Error(`our command did not begin: ${output.toString("utf8")}`);
  return output.subarray(at + mark.length);
}
