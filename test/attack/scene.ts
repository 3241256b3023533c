import type { FaultLab } from "../faults/lab";
import { behindOf, settle, subnetOfMachine } from "./behind";
import type { Combination } from "./combination";
import { declare } from "./declare";
import { plant } from "./image";
import { lookAround } from "./look-around";
import type { Isolation, Mode } from "./mode";
import { hasCables, machinesOf, program, routersOf, type Standing } from "./program";
import { Relay, type Ran } from "./relay";
import { orderServer, type Server } from "./server";
import { Stack } from "./stack";
import type { Place, Sender } from "./trial";
import { filled, type World } from "./world";

/** What B's owner may have done to it, and what its image may bring: it listens to routers. */
const weakened = (inside: string): string => `cd /proc/sys/net
echo 2 >ipv6/conf/${inside}/accept_ra; echo 1 >ipv6/conf/${inside}/accept_redirects; echo 1 >ipv6/conf/all/accept_redirects
for name in all ${inside}; do echo 1 >ipv4/conf/$name/accept_redirects; done`;

/** What A's own cable has let in: behind our filter's priorities, and before fragments are put together. */
const sight = `nft -f - <<'end'
table inet attack-sight
delete table inet attack-sight
table inet attack-sight {
  chain seen { type filter hook prerouting priority -440; iifname "ve-a" log group 66; }
}
table arp attack-sight
delete table arp attack-sight
table arp attack-sight {
  chain seen { type filter hook input priority -290; iifname "ve-a" log group 66; }
}
end`;

/** Frames of a trial, and how often they are sent. */
export interface Sending {
  expression: string;
  mark: string;
  times?: number;
  every?: number;
  /** In the place of a frame of its own, inside of VXLAN to the host: the network's number. */
  tunnel?: number;
}

/** One host with its machines, or two that share a network, and the ways to look at them. */
export class Scene {
  private readonly stack: Stack;
  private readonly relays: readonly Relay[];
  private known: World | undefined;

  private constructor(
    readonly lab: FaultLab,
    readonly mode: Mode,
    private readonly servers: readonly Server[],
  ) {
    this.stack = new Stack(lab.name);
    this.relays = servers.map(({ host }) => new Relay(host));
  }

  /** @param name of the host; two scenes of one mode need two */
  static async open(
    lab: FaultLab,
    mode: Mode,
    told: (text: string) => void,
    name = `${mode.name}-host`,
  ): Promise<Scene> {
    const servers: Server[] = [];
    for (const each of mode.tunnel === undefined ? [name] : [name, `${mode.name}-peer`]) {
      told(`making the host for mode ${mode.name}`);
      const server = await orderServer(lab, mode, each);
      await plant(server.host, told);
      servers.push(server);
    }
    return new Scene(lab, mode, servers);
  }

  get world(): World {
    if (this.known === undefined) throw new Error("nothing stands yet");
    return this.known;
  }

  /** Makes what a combination declares. Without isolation its policies have no meaning, so they are left out. */
  async bring(combination: Combination, isolation: Isolation): Promise<void> {
    const { mode, servers } = this;
    const standing: Standing = { mode, servers, combination, isolation };
    await this.stack.up(await declare((library) => program(library, standing)));
    const inside = (name: string): string => mode.inside?.(name) ?? "host0";
    await Promise.all(machinesOf(standing).map((name) => this.relayOf(name).ready(name, inside(name))));
    await this.must("b", weakened(inside("b")));
    await this.bare(isolation);
    if (hasCables(standing)) await this.must("host", sight);
    for (const name of routersOf(standing))
      await this.must(name, settle(behindOf((await this.must(name, subnetOfMachine)).trim())));
    this.known = await lookAround((at, script) => this.must(at, script), standing);
    await this.prime();
  }

  private async bare(isolation: Isolation): Promise<void> {
    const { bare } = this.mode;
    if (bare === undefined) return;
    for (const relay of this.relays) await relay.must("host", isolation === "none" ? bare.strip : bare.restore);
  }

  /** Victims know each other's addresses as they are, so that there is something to poison. */
  async prime(): Promise<void> {
    const ping = (address: string): string => `ping -q -c 1 -W 1 ${address} >/dev/null`;
    const names = ["A", "B", "C", "D", "E"].filter((name) => name in this.world);
    const all = names.flatMap((name) => [`{${name}.ip4}`, `{${name}.ip6}`]);
    const near = names.filter((name) => name < "D");
    const links = near.map((name) => `{${name}.ll6}%{${name}.link}`);
    const flush = near.map((name) => `ip neigh flush dev {${name}.link}`).join("; ");
    await this.run("host", `${flush}; ${[...all, ...links].map((address) => `${ping(address)} &`).join(" ")} wait; :`);
    const gateway = (link: string): string =>
      `ip neigh flush dev ${link}; ${ping("{GW.ip4}")}; ${ping(`{GW.ll6}%${link}`)}; ${ping("{CLIENT.ip4}")}; ${ping("{CLIENT.ip6}")}; :`;
    await Promise.all([this.run("a", gateway("{A.inside}")), this.run("b", gateway("{B.inside}"))]);
  }

  /** Runs a script at a place, with the world's values in it. */
  async run(at: Place, script: string, mark = "", env: Record<string, string> = {}): Promise<Ran> {
    const text = filled(script, this.world, mark);
    if (at !== "router" && at !== "client") return this.relayOf(at).run(at === "peer" ? "host" : at, text, env);
    const { code, stdout, stderr } = await this.lab.try(at, `set +e\n${text}`);
    return { code, out: stdout + stderr };
  }

  /** Runs a script on the host for as long as it takes. */
  onHost(script: string, input?: string): Promise<string> {
    return this.servers[0]!.host.sh(script, input);
  }

  async send(from: Sender, { tunnel, ...sending }: Sending): Promise<void> {
    const { world } = this;
    const way =
      tunnel === undefined
        ? { interface: world[from === "c" ? "C" : "A"]?.inside }
        : { tunnel: { to: world.HOST.out4, id: tunnel } };
    await this.relayOf(from).send(from === "peer" ? "host" : from, { ...sending, ...way, world });
  }

  seen(to: string, mark: string): Promise<Record<string, number>> {
    return this.relayOf(to).seen(to, mark);
  }

  /** Puts text where machine A has it as a file. */
  async place(file: string, text: string): Promise<void> {
    await this.onHost(`cat >/var/lib/machines/a${file}; chmod 0755 /var/lib/machines/a${file}`, text);
  }

  close(): void {
    for (const relay of this.relays) relay.close();
  }

  private relayOf(at: string): Relay {
    const far = at === "peer" || this.mode.tunnel?.far.includes(at) === true;
    return this.relays[far ? 1 : 0]!;
  }

  private must(at: string, script: string): Promise<string> {
    return this.relayOf(at).must(at, script);
  }
}
