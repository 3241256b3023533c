import { labDown, labRun, labUp, silentProgress } from "../../lab";
import { runningLab } from "../../lab/lab-record";
import { run } from "../../lab/core/run";

/** The lab in which the faults happen. A command that fails shows all that it said. */
export class FaultLab {
  constructor(readonly name: string) {}

  async up(): Promise<void> {
    await labDown({ name: this.name });
    await labUp({ name: this.name, progress: silentProgress });
  }

  async down(): Promise<void> {
    await labDown({ name: this.name });
  }

  /** First process of the lab, by its number on this machine. */
  get holder(): number {
    return runningLab(this.name).holder.pid;
  }

  async sh(place: string, script: string, input = ""): Promise<string> {
    const { code, stdout, stderr } = await this.try(place, script, input);
    if (code !== 0) throw new Error(`at ${place}, exit code ${code}: ${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /** The same, whatever its exit code. */
  try(place: string, script: string, input = ""): Promise<{ code: number; stdout: string; stderr: string }> {
    return labRun(place, ["sh", "-ec", script], { name: this.name, input });
  }

  /** As root of this machine, among the lab's mounts and processes: for disks of servers. */
  async outside(script: string, ...args: string[]): Promise<string> {
    const enter = ["nsenter", `--target=${this.holder}`, "--mount", "--pid"];
    return await run([...enter, "sh", "-ec", script, "sh", ...args]);
  }

  /** A request to the lab's API, as a program in the operator's namespace sends it. */
  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const data = body === undefined ? "" : `-H 'content-type: application/json' -d @-`;
    const request = `curl -sS -X ${method} -H "Authorization: Bearer $HCLOUD_TOKEN" ${data} "$HCLOUD_ENDPOINT${path}"`;
    const text = await this.sh("operator", request, body === undefined ? "" : JSON.stringify(body));
    const answer = (text === "" ? {} : JSON.parse(text)) as T & { error?: { message: string } };
    if (answer.error) throw new Error(`${method} ${path}: ${answer.error.message}`);
    return answer;
  }
}
