import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { labDir } from "../../lab";
import { debian } from "../support/debian";
import { Disk } from "./disk";
import type { FaultLab } from "./lab";

interface Ordered {
  server: { id: number; public_net: { ipv4: { ip: string } | null; ipv6: { ip: string } | null } };
}

/** Hosts of the lab's plain LAN, which have their addresses from DHCP and router advertisements, by ifupdown or networkd. */
export type LanImage = "lan" | "lan-networkd";
const noPublicNet = { enable_ipv4: false, enable_ipv6: false };
/** What else configures the uplink of a server of the cloud than ifupdown by DHCP. */
export const dialects = ["static", "netplan"] as const;
export type Dialect = (typeof dialects)[number];
const imageOf = (lan?: LanImage, dialect?: Dialect): object =>
  lan === undefined
    ? { image: dialect === undefined ? debian.image : `${debian.image}-${dialect}` }
    : { image: `${debian.image}-${lan}`, public_net: noPublicNet };
const lanNetwork = "2001:db8:ffff:2::/64";

/** A server of the lab that faults happen to. It is looked at and driven from outside, never over SSH. */
export class FaultHost {
  readonly disk = new Disk(this);
  ipv4 = "";
  /** `2001:db8:1:1::/64`. */
  ipv6 = "";
  /** `ssh-ed25519 AAAA…`, as the server made it. */
  hostKey = "";

  private constructor(
    readonly lab: FaultLab,
    readonly name: string,
    readonly id: number,
    readonly lan: LanImage | undefined,
  ) {}

  static async order(
    lab: FaultLab,
    name: string,
    sshKey: number,
    lan?: LanImage,
    dialect?: Dialect,
  ): Promise<FaultHost> {
    const body = { name, server_type: "cx23", location: "fsn1", ssh_keys: [sshKey], ...imageOf(lan, dialect) };
    const { id, public_net } = (await lab.api<Ordered>("POST", "/servers", body)).server;
    const host = new FaultHost(lab, name, id, lan);
    await host.booted();
    await host.sh("cloud-init status --wait >/dev/null 2>&1 || :");
    host.ipv4 = public_net.ipv4?.ip ?? (await host.leased());
    host.ipv6 = public_net.ipv6?.ip ?? lanNetwork;
    host.hostKey = (await host.sh("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
    return host;
  }

  /** Waits for both families, which a bridge may carry, and tells the uplink's own IPv4 address. */
  private async leased(): Promise<string> {
    const has = "ip -o addr show scope global | tr '\\n' ' ' | grep -q ' inet .* inet6 2001'";
    const own = "ip -o -4 addr show dev eth0 scope global | awk '{ print $4 }' | sed 's|/.*||'";
    return (await this.sh(`timeout 60 sh -c "until ${has}; do sleep 0.3; done"; ${own}`)).trim();
  }

  get directory(): string {
    return join(labDir(this.lab.name), "servers", String(this.id));
  }

  sh(script: string, input = ""): Promise<string> {
    return this.lab.sh(this.name, script, input);
  }

  async power(action: "poweron" | "poweroff" | "reset"): Promise<void> {
    const path = `/servers/${this.id}/actions/${action}`;
    let { action: now } = await this.lab.api<{ action: { id: number; status: string } }>("POST", path);
    while (now.status === "running") {
      await sleep(100);
      ({ action: now } = await this.lab.api<{ action: { id: number; status: string } }>("GET", `/actions/${now.id}`));
    }
    if (now.status !== "success") throw new Error(`${this.name}: ${action} failed`);
  }

  /** Waits until everything that starts at boot has started, and a LAN has given its addresses. */
  async booted(): Promise<void> {
    const deadline = Date.now() + 600_000;
    for (;;) {
      // A server that was ordered just now is not a place of the lab yet.
      const said = await this.sh("systemctl is-system-running --wait || :").catch((error: Error) => error.message);
      if (/^(running|degraded)/.test(said)) break;
      if (Date.now() > deadline) throw new Error(`${this.name} did not boot: ${said}`);
      await sleep(200);
    }
    if (this.lan !== undefined) await this.leased();
  }

  /** Whether a file of the running host exists; costs no process. */
  has(path: string): boolean {
    const root = this.root();
    return root !== undefined && existsSync(join(root, path));
  }

  /** The running host's tree as this machine sees it. */
  root(): string | undefined {
    const proc = `/proc/${this.lab.holder}/root/proc`;
    try {
      const nspawn = readFileSync(join(this.directory, "nspawn.pid"), "utf8").trim();
      const [leader] = readFileSync(join(proc, nspawn, "task", nspawn, "children"), "utf8")
        .trim()
        .split(" ");
      return leader ? join(proc, leader, "root") : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether a login by SSH works now, on a connection of its own; `refused` when sshd answered. */
  async letsIn(): Promise<"yes" | "no" | "refused"> {
    const options = "-o BatchMode=yes -o ConnectTimeout=2 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
    const { code, stderr } = await this.lab.try("operator", `timeout 6 ssh ${options} root@${this.ipv4} true`);
    if (code === 0) return "yes";
    return stderr.includes("Permission denied") ? "refused" : "no";
  }

  /** Seconds until a login works, or undefined when none did within `limit` seconds. */
  async letsInWithin(limit: number): Promise<number | undefined> {
    const begun = Date.now();
    const spent = (): number => (Date.now() - begun) / 1000;
    for (;;) {
      const answer = await this.letsIn();
      if (answer === "yes") return spent();
      if (spent() > limit) return undefined;
      // sshd 9.8 shuts out for 15 s whom it refused thrice within them (PerSourcePenalties).
      await sleep(answer === "refused" ? 5000 : 200);
    }
  }

  /** Waits until no program of ours runs on the host; false when one still did after `limit` seconds. */
  async quietWithin(limit: number): Promise<boolean> {
    const deadline = Date.now() + limit * 1000;
    while (this.isAtWork()) {
      if (Date.now() > deadline) return false;
      await sleep(100);
    }
    return true;
  }

  private isAtWork(): boolean {
    const proc = join(this.root() ?? "/nowhere", "proc");
    return processes(proc).some((pid) => /pulumi-nspawn[^ \0]*\/script/.test(commandLine(join(proc, pid))));
  }
}

const processes = (proc: string): string[] =>
  existsSync(proc) ? readdirSync(proc).filter((name) => /^\d+$/.test(name)) : [];

function commandLine(folder: string): string {
  try {
    return readFileSync(join(folder, "cmdline"), "utf8");
  } catch {
    return ""; // it ended meanwhile
  }
}
