import { Lab, type Stack } from "../support/harness";
import type { Spec } from "../support/spec";
import { atFirst, type ApiFault } from "./api-fault";
import type { Verdict } from "./verdict";

interface Server {
  id: number;
  name: string;
  public_net: { ipv4: { ip: string } };
}
interface FloatingIp {
  server: number | null;
}

/** A stack of the real engine and plugin in a lab of its own, whose API answers wrongly. */
export class ApiLane {
  private readonly lab: Lab;
  private readonly stack: Stack;
  private standing = atFirst;

  constructor(name: string) {
    this.lab = new Lab(name);
    this.stack = this.lab.stack("faults");
  }

  async start(): Promise<void> {
    await this.lab.down();
    await this.lab.up();
    await this.stack.init();
    await this.stack.up(atFirst);
  }

  async end(): Promise<void> {
    await this.lab.down();
  }

  /** Where a change begins, also when earlier ones were left out. */
  async bring(spec: Spec): Promise<void> {
    if (this.standing !== spec) await this.stack.up(spec);
    this.standing = spec;
  }

  /** One `up` that the API disturbs, and then what one more makes of it. */
  async trial({ name, change, answer }: ApiFault): Promise<Verdict> {
    const begun = Date.now();
    this.stack.declare(change.spec);
    await this.fault("POST", { match: change.match, times: 1000, ...answer });
    const { code, output } = await this.stack.pulumi("up", "--yes", "--skip-preview");
    const [waiting] = await this.fault<{ faults: { times: number }[] }>("GET").then(({ faults }) => faults);
    await this.fault("DELETE");
    const half = await this.leftOnHosts();
    const login = await this.letsIn();
    const rest = await this.converge(change.spec);
    if (waiting?.times === 1000) rest.push("the API was not asked for what it should have answered wrongly");
    return {
      ...{
        row: change.name,
        name,
        lockedOut: login === undefined,
        login,
        ended: code === 0 ? "new" : "old",
        half,
        rest,
      },
      notes: code === 0 ? ["the plugin asked again until it was answered"] : [output.slice(-600)],
      seconds: (Date.now() - begun) / 1000,
    };
  }

  private async fault<T>(method: string, body?: object): Promise<T> {
    const data = body === undefined ? [] : ["-d", JSON.stringify(body)];
    const url = `${new URL((await this.lab.env()).HCLOUD_ENDPOINT).origin}/_lab/faults`;
    const text = await this.lab.out("operator", "curl", "-sS", "-X", method, ...data, url);
    return (text === "" ? {} : JSON.parse(text)) as T;
  }

  private async servers(): Promise<Server[]> {
    return ((await this.lab.api("GET", "/servers")) as { servers: Server[] }).servers;
  }

  /** Transactions and programs that did not end, on the hosts that stay. */
  private async leftOnHosts(): Promise<string[]> {
    const script =
      "ls -A /var/lib/pulumi-nspawn/transactions /run | grep -e '^[.0-9a-f]*$' -e '^pulumi-nspawn[.]' || :";
    const said = await Promise.all(
      Object.keys(atFirst.hosts).map(async (host) => (await this.lab.sh(host, script)).split("\n")),
    );
    return said.flat().filter((line) => line !== "");
  }

  /** Seconds until the slowest of the hosts that stay let somebody in. */
  private async letsIn(): Promise<number | undefined> {
    const begun = Date.now();
    const options = "-o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=10";
    const staying = (await this.servers()).filter(({ name }) => name in atFirst.hosts);
    for (const { public_net } of staying) {
      const login = `ssh -q ${options} root@${public_net.ipv4.ip} true`;
      if ((await this.lab.exec("operator", ["sh", "-c", login])).code !== 0) return undefined;
    }
    return staying.length === Object.keys(atFirst.hosts).length ? (Date.now() - begun) / 1000 : undefined;
  }

  private async converge(spec: Spec): Promise<string[]> {
    this.standing = spec;
    const { code, output } = await this.upAsAdvised();
    if (code !== 0) return [`up: ${output.slice(-1500)}`];
    const drift = await this.stack.drift();
    const rest = drift.code === 0 ? [] : [`the next preview: ${drift.output.slice(-1500)}`];
    return [...rest, ...(await this.unlikeCloud(spec))];
  }

  /** One `up`, or where that ends with a command to run, that one: a server whose creation failed is only replaced on demand. */
  private async upAsAdvised(): Promise<{ code: number; output: string }> {
    const plain = await this.stack.pulumi("up", "--yes", "--skip-preview");
    const urn = /pulumi up --replace '([^']+)'/.exec(plain.output)?.[1];
    if (plain.code === 0 || urn === undefined) return plain;
    return this.stack.pulumi("up", "--yes", "--skip-preview", "--replace", urn);
  }

  /** Nothing twice, nothing forgotten: what there is at the API, against what is declared. */
  private async unlikeCloud({ hosts, ips = {} }: Spec): Promise<string[]> {
    const servers = await this.servers();
    const { floating_ips: found } = (await this.lab.api("GET", "/floating_ips")) as { floating_ips: FloatingIp[] };
    const names = new Map(servers.map(({ id, name }) => [id, name]));
    const all = (lists: string[]): string => JSON.stringify([...lists].sort());
    const wanted = [all(Object.keys(hosts)), all(Object.values(ips).map(({ host }) => host))];
    const there = [all(servers.map(({ name }) => name)), all(found.map(({ server }) => names.get(server ?? 0) ?? "-"))];
    return wanted.flatMap((want, index) => (want === there[index] ? [] : [`at the API ${there[index]}, not ${want}`]));
  }
}
