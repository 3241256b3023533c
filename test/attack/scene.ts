import type * as nspawn from "../../provider";
import type { FaultLab } from "../faults/lab";
import type { Combination } from "./combination";
import { declare } from "./declare";
import { guestImage, plant } from "./image";
import { lookAround } from "./look-around";
import type { Mode } from "./mode";
import { Relay, type Ran } from "./relay";
import { orderServer, type Server } from "./server";
import { Stack } from "./stack";
import type { Place } from "./trial";
import { filled, type World } from "./world";

/** What B's owner may have done to it, and what its image may bring: it listens to routers. */
const weakened = `cd /proc/sys/net
echo 2 >ipv6/conf/host0/accept_ra; echo 1 >ipv6/conf/host0/accept_redirects; echo 1 >ipv6/conf/all/accept_redirects
for name in all host0; do echo 1 >ipv4/conf/$name/accept_redirects; done`;

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

export type Isolation = "none" | "tenant";

/** One host with its machines, and the ways to look at it. */
export class Scene {
  private readonly stack: Stack;
  private readonly relay: Relay;
  private known: World | undefined;

  private constructor(
    readonly lab: FaultLab,
    readonly mode: Mode,
    private readonly server: Server,
  ) {
    this.stack = new Stack(lab.name);
    this.relay = new Relay(server.host);
  }

  /** @param name of the host; two scenes of one mode need two */
  static async open(
    lab: FaultLab,
    mode: Mode,
    told: (text: string) => void,
    name = `${mode.name}-host`,
  ): Promise<Scene> {
    told(`making the host for mode ${mode.name}`);
    const server = await orderServer(lab, mode, name);
    await plant(server.host, told);
    return new Scene(lab, mode, server);
  }

  get world(): World {
    if (this.known === undefined) throw new Error("nothing stands yet");
    return this.known;
  }

  get names(): string[] {
    return ["A", "B", "C", "D"].filter((name) => name in this.world).map((name) => name.toLowerCase());
  }

  /** Makes what a combination declares. Without isolation its policies have no meaning, so they are left out. */
  async bring(combination: Combination, isolation: Isolation): Promise<void> {
    const names = combination.twoBridges === true ? ["a", "b", "c", "d"] : ["a", "b", "c"];
    const declared = await declare((library) => this.program(library, combination, isolation, names));
    await this.stack.up(declared);
    await Promise.all(names.map((name) => this.relay.ready(name)));
    await this.relay.must("b", weakened);
    if (this.mode.bare !== undefined)
      await this.relay.must("host", isolation === "none" ? this.mode.bare.strip : this.mode.bare.restore);
    const cables = this.cables(isolation);
    if (cables) await this.relay.must("host", sight);
    this.known = await lookAround(this.relay, this.server.host, this.mode, names, cables);
    await this.prime();
  }

  private network(combination: Combination, isolation: Isolation): object {
    const attach = this.cables(isolation) ? "veth" : "bridge";
    return { attach, ...this.mode.network, ...(isolation === "none" ? {} : combination.network) };
  }

  private cables(isolation: Isolation): boolean {
    return this.mode.cables === true && isolation !== "none";
  }

  private program(library: typeof nspawn, combination: Combination, isolation: Isolation, names: string[]): void {
    const { ipv4, ipv6, hostKey } = this.server.host;
    const host = new library.NspawnHost("host", { ssh: { host: ipv4, hostKey }, ipv6Network: ipv6 });
    const protection = this.mode.bare === undefined ? isolation : "tenant";
    const common = { host, isolation: protection, ...this.network(combination, isolation) } as nspawn.BridgeNetworkArgs;
    const first = new library.BridgeNetwork("br0", { ...common, bridge: "br0" });
    const second = names.includes("d") ? new library.BridgeNetwork("br1", { ...common, bridge: "br1" }) : undefined;
    const image = library.image.debootstrap(guestImage);
    for (const [index, name] of names.entries()) {
      const network = name === "d" && second !== undefined ? second : first;
      const networks = [{ network, ...this.mode.plug(network, name, this.server.addresses[index]) }];
      const more = isolation === "none" ? {} : combination.machines?.[name];
      new library.NspawnMachine(name, { host, networks, image, onDelete: "delete", ...more });
    }
  }

  /** Victims know each other's addresses as they are, so that there is something to poison. */
  async prime(): Promise<void> {
    const ping = (address: string): string => `ping -q -c 1 -W 1 ${address} >/dev/null`;
    const all = this.names.flatMap((name) => [`{${name.toUpperCase()}.ip4}`, `{${name.toUpperCase()}.ip6}`]);
    const near = this.names.filter((name) => name !== "d").map((name) => name.toUpperCase());
    const links = near.map((name) => `{${name}.ll6}%{${name}.link}`);
    const flush = near.map((name) => `ip neigh flush dev {${name}.link}`).join("; ");
    await this.run("host", `${flush}; ${[...all, ...links].map((address) => `${ping(address)} &`).join(" ")} wait; :`);
    const gateway = `${ping("{GW.ip4}")}; ${ping("{GW.ll6}%host0")}; ${ping("{CLIENT.ip4}")}; ${ping("{CLIENT.ip6}")}`;
    await Promise.all(["a", "b"].map((name) => this.run(name as Place, `ip neigh flush dev host0; ${gateway}; :`)));
  }

  /** Runs a script at a place, with the world's values in it. */
  async run(at: Place, script: string, mark = "", env: Record<string, string> = {}): Promise<Ran> {
    const text = filled(script, this.world, mark);
    if (at !== "router" && at !== "client") return this.relay.run(at, text, env);
    const { code, stdout, stderr } = await this.lab.try(at, `set +e\n${text}`);
    return { code, out: stdout + stderr };
  }

  /** Runs a script on the host for as long as it takes. */
  onHost(script: string, input?: string): Promise<string> {
    return this.server.host.sh(script, input);
  }

  async send(expression: string, mark: string, times?: number, every?: number): Promise<void> {
    await this.relay.send("a", { expression, world: this.world, mark, times, every });
  }

  seen(to: "b" | "c" | "d" | "host", mark: string): Promise<Record<string, number>> {
    return this.relay.seen(to, mark);
  }

  /** Puts text where machine A has it as a file. */
  async place(file: string, text: string): Promise<void> {
    await this.server.host.sh(`cat >/var/lib/machines/a${file}; chmod 0755 /var/lib/machines/a${file}`, text);
  }

  close(): void {
    this.relay.close();
  }
}
