import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driver, type Answer, type Change, type Held, type Properties } from "../support/driver";
import { changedCopy, takingCopy } from "../support/changed-copy";
import { Lab, root, run } from "../support/harness";
import { debian } from "../support/debian";

interface Host {
  id: string;
  ipv4: string;
  /** `2001:db8:1::/64`. */
  ipv6: string;
  hostKey: string;
  /** A floating address that was made for it. */
  floating: string;
}

/** Ends the provider process, as a power cut would, before or after it sends a program that has a certain step. */
export interface Kill {
  when: "before" | "after";
  verb: string;
  /** The how many-th such program; 1 is the first. */
  nth?: number;
}

const killer = ({ when, verb, nth = 1 }: Kill): string => `
const { Session } = require(${JSON.stringify(join(root, "bin/provider/remote/session"))});
const apply = Session.prototype.apply;
let seen = 0;
Session.prototype.apply = async function (program, options) {
  const hit = program.steps.some(({ verb }) => verb === ${JSON.stringify(verb)}) && (seen += 1) === ${nth};
  if (hit && ${JSON.stringify(when)} === "before") process.kill(process.pid, "SIGKILL");
  const report = await apply.call(this, program, options);
  if (hit) process.kill(process.pid, "SIGKILL");
  return report;
};`;

/** Makes the host carry out other shell text in the place of a step. */
export function insteadOf(verb: string, shell: string): string {
  const folder = mkdtempSync(join(tmpdir(), "changed-host-files-"));
  changedCopy(folder, { main: (text) => `step_${verb}() { ${shell}; }\n${text}` });
  return takingCopy(folder);
}

/** A lab with two servers, or others by name, and resources on them that are driven by their handlers, without an engine. */
export class TwoHosts {
  readonly hosts = new Map<string, Host>();
  readonly state = new Map<string, Held>();

  constructor(
    readonly lab: Lab,
    private readonly names = ["one", "two"],
    private readonly image: string = debian.image,
  ) {}

  async start(): Promise<void> {
    await run([process.execPath, join(root, "bin/cli/main.js"), "lab", "up", "--name", this.lab.name]);
    const key = readFileSync(join(this.lab.directory, "operator_ed25519.pub"), "utf8").trim();
    await this.lab.api("POST", "/ssh_keys", { name: "op", public_key: key });
    for (const name of this.names) this.hosts.set(name, await this.server(name));
  }

  private async server(name: string): Promise<Host> {
    const order = { name, server_type: "cx23", image: this.image, location: "fsn1", ssh_keys: ["op"] };
    const { server } = (await this.lab.api("POST", "/servers", order)) as {
      server: { id: number; public_net: { ipv4: { ip: string }; ipv6: { ip: string } } };
    };
    const ipv4 = server.public_net.ipv4.ip;
    await this.lab.sh("operator", `until ssh-keyscan -T 2 ${ipv4} 2>/dev/null | grep -q ed25519; do sleep 0.3; done`);
    await this.lab.sh(name, "cloud-init status --wait >/dev/null || :");
    const { floating_ip: floating } = (await this.lab.api("POST", "/floating_ips", {
      type: "ipv4",
      server: server.id,
      description: name,
    })) as { floating_ip: { ip: string } };
    const hostKey = (await this.lab.sh(name, "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
    return { id: String(server.id), ipv4, ipv6: server.public_net.ipv6.ip, hostKey, floating: floating.ip };
  }

  host(name: string): Host {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  common(kind: string, name: string, host: string): Properties {
    const { id, ipv4, hostKey } = this.host(host);
    return {
      stateVersion: 1,
      owner: `p/s/${kind}/${name}`,
      ownUrn: "",
      host: { id: `p/s/host/${host}`, instance: id },
      connection: { host: ipv4, port: 22, user: "root", hostKeys: [hostKey] },
      credentials: {},
      secretFiles: {},
      __provider: "test",
    };
  }

  /** Calls one handler in a process of its own; `undefined` when that process was killed. */
  async call(prelude: string, kind: string, method: string, ...args: unknown[]): Promise<Answer | undefined> {
    const script = `${prelude}\n${driver}`;
    const input = JSON.stringify([[kind, method, args]]);
    const { code, stdout, output } = await this.lab.exec("operator", [process.execPath, "-e", script], input);
    if (code === 137 || code === -1) return undefined;
    if (code !== 0) throw new Error(`exit code ${code}: ${output}`);
    return (JSON.parse(stdout) as { answers: Answer[] }).answers[0];
  }

  /** What the engine does: check, then create, or diff and update. A killed provider leaves state as it was. */
  async up(kind: string, key: string, args: Properties, fault: Kill | string = ""): Promise<Change> {
    const held = this.state.get(key);
    const inputs = await this.checked(kind, held, args);
    const prelude = typeof fault === "string" ? fault : killer(fault);
    if (held === undefined) return this.keep(key, inputs, await this.call(prelude, kind, "create", inputs));
    if (!(await this.differs(kind, held, inputs))) return { changes: false };
    return this.keep(key, inputs, await this.call(prelude, kind, "update", held.id, held.outs, inputs), held.id);
  }

  private async checked(kind: string, held: Held | undefined, args: Properties): Promise<Properties> {
    const answer = await this.call("", kind, "check", held?.inputs ?? {}, args);
    if (answer?.value?.failures.length !== 0) throw new Error(JSON.stringify(answer));
    return answer.value.inputs;
  }

  private async differs(kind: string, held: Held, inputs: Properties): Promise<boolean> {
    const answer = await this.call("", kind, "diff", held.id, held.outs, inputs);
    const { changes, replaces } = answer?.value as unknown as { changes: boolean; replaces: string[] };
    if (replaces.length > 0) throw new Error(`replaces ${replaces.join(", ")}`);
    return changes;
  }

  private keep(key: string, inputs: Properties, answer: Answer | undefined, id?: string): Change {
    const { value, error } = answer ?? {};
    const known = id ?? (value ?? error)?.id;
    const outs = value?.outs ?? error?.properties;
    if (known !== undefined && outs !== undefined) {
      this.state.set(key, { id: known, inputs, outs: { ...outs, __provider: "test" } });
    }
    return { changes: true, error };
  }

  async remove(kind: string, key: string): Promise<void> {
    const held = this.state.get(key);
    const answer = await this.call("", kind, "delete", held?.id, held?.outs);
    if (answer?.error !== undefined) throw new Error(answer.error.message);
    this.state.delete(key);
  }

  /** Points the floating address of host one at a host, as the provider's own resource would. */
  async assign(host: string): Promise<void> {
    const { floating_ips: all } = (await this.lab.api("GET", "/floating_ips")) as {
      floating_ips: { id: number; ip: string }[];
    };
    const id = all.find(({ ip }) => ip === this.host("one").floating)?.id;
    await this.lab.api("POST", `/floating_ips/${id}/actions/assign`, { server: Number(this.host(host).id) });
  }

  /** Runs an action and answers when a machine's cable was there on each host meanwhile, in seconds of the same clock. */
  async watched(
    machine: string,
    during: () => Promise<unknown>,
  ): Promise<Record<string, [from: number, to: number][]>> {
    const over = `/run/watch-${Math.round(Date.now())}`;
    const script = `was=0; while [ ! -e ${over} ]; do [ -e /sys/class/net/vb-${machine} ] && now=1 || now=0
      if [ $now != $was ]; then date +%s.%N; was=$now; fi; sleep 0.1; done; if [ $was = 1 ]; then date +%s.%N; fi; rm ${over}`;
    const names = [...this.hosts.keys()];
    const watching = names.map((host) => this.lab.exec(host, ["sh", "-c", script]));
    try {
      await during();
    } finally {
      await Promise.all(names.map((host) => this.lab.sh(host, `touch ${over}`)));
    }
    const seen = await Promise.all(watching);
    return Object.fromEntries(names.map((host, index) => [host, spans(seen[index]?.stdout ?? "")]));
  }
}

function spans(text: string): [number, number][] {
  const times = text.split("\n").filter(Boolean).map(Number);
  return times.flatMap((time, index) =>
    index % 2 === 0 ? [[time, times[index + 1] ?? Infinity] as [number, number]] : [],
  );
}
