import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend, NetworkSpec, ServerSpec } from "../backend";
import { asset } from "../core/places";
import { run } from "../core/run";
import { hostImage, isOnLan } from "../images/host-images";
import { lanCable } from "../network/lan";
import { cableBatch, linkName, routeCommand, uplinkFilter, type UplinkMode } from "../network/uplink";
import { lanFiles, lanLinks } from "./lan-disk";
import { PrivateNetworks } from "./private-networks";
import { hotplugFiles, hotplugLinks } from "./hotplug";
import { isPrivateAlone, resolvConf, seedFiles, staticInterfaces } from "./seed";
import { ServerFiles, type ServerRecord } from "./server-files";

/**
 * Loop devices, loop(4), as a server's kernel has them: they are the machine's own, so there are numbers for all labs on it. What a
 * server mounts by one is let go of with its mounts.
 */
const loopDevices = [
  "c! /dev/loop-control 0660 root disk - 10:237\n",
  ...Array.from({ length: 64 }, (_, number) => `b! /dev/loop${number} 0660 root disk - 7:${number}\n`),
].join("");

export interface NspawnBackendOptions {
  /** The lab's folder. */
  lab: string;
  /** The trees that new disks are copied from, by name. */
  images: Readonly<Record<string, string>>;
  uplink: UplinkMode;
  /** Called after files in the DHCP service's folder were removed: it sees new ones by itself. */
  forgetLeases: () => void;
}

/** Servers as systemd-nspawn containers that boot a whole Debian. Must run inside the lab's namespaces. */
export class NspawnBackend implements Backend {
  private readonly files: ServerFiles;
  private readonly networks: PrivateNetworks;

  constructor(private readonly options: NspawnBackendOptions) {
    this.files = new ServerFiles(options.lab);
    this.networks = new PrivateNetworks(options.lab, {
      files: this.files,
      leader: (id) => this.started(id),
      forgetLeases: options.forgetLeases,
    });
  }

  /** After the machine or the lab's first process went down: switches on again what was on. */
  async resume(): Promise<void> {
    await this.networks.resume();
    for (const { id } of this.records())
      if (existsSync(this.files.path(id, "power")) && !(await this.isRunning(id))) await this.boot(id);
  }

  async create(server: ServerSpec): Promise<void> {
    hostImage(server.image);
    const record: ServerRecord = { ...server, routed: [] };
    this.files.setRecord(record);
    this.files.write(server.id, "mac", server.macAddress);
    this.files.write(server.id, "hostname", server.name);
    this.writeCable(record);
    if (server.ipv4) writeFileSync(this.leaseFile(server.id), `${server.macAddress},${server.ipv4}\n`);
    await this.newDisk(server);
  }

  async boot(id: number): Promise<void> {
    if (await this.isRunning(id)) return;
    for (const file of ["supervisor.pid", "nspawn.pid"]) rmSync(this.files.path(id, file), { force: true });
    this.files.write(id, "power", "on");
    spawn("bash", [asset("supervise.sh"), this.options.lab, String(id)], { detached: true, stdio: "ignore" }).unref();
    await until(
      () => this.leader(id) !== undefined,
      20_000,
      `server ${id} did not start; see ${this.files.path(id, "supervisor.log")}`,
    );
  }

  shutdown(id: number): Promise<void> {
    const leader = this.leader(id);
    // systemd(1), SIGRTMIN+4: start poweroff.target. Node knows real-time signals by number only.
    if (leader) process.kill(leader, 34 + 4);
    return Promise.resolve();
  }

  async kill(id: number): Promise<void> {
    const off = () => {
      // Again and again: a server in the middle of a reboot gets new processes.
      for (const pid of [this.leader(id), this.files.livePid(id, "nspawn.pid")]) if (pid) killQuietly(pid);
      return this.files.livePid(id, "supervisor.pid") === undefined;
    };
    await until(off, 15_000, `server ${id} does not end; see ${this.files.path(id, "supervisor.log")}`);
  }

  isRunning(id: number): Promise<boolean> {
    return Promise.resolve(this.files.livePid(id, "supervisor.pid") !== undefined);
  }

  async wipe(server: ServerSpec): Promise<void> {
    await this.kill(server.id);
    const { routed, privateNetworks } = this.files.record(server.id);
    this.files.setRecord({ ...server, routed, privateNetworks });
    await this.newDisk(server);
  }

  async destroy(id: number): Promise<void> {
    await this.kill(id);
    rmSync(this.leaseFile(id), { force: true });
    this.options.forgetLeases();
    await this.inRouter(["nft", "delete", "table", "netdev", linkName(id)]).catch(() => undefined);
    await run(["rm", "-rf", "--one-file-system", this.files.dir(id)]);
  }

  async route(prefix: string, serverId: number | null): Promise<void> {
    for (const record of this.records())
      if (record.id !== serverId && record.routed.includes(prefix))
        await this.point({ ...record, routed: record.routed.filter((p) => p !== prefix) }, [
          `route del ${prefix} dev ${linkName(record.id)}`,
        ]);
    if (serverId === null) return;
    const record = this.files.record(serverId);
    if (!record.routed.includes(prefix)) record.routed.push(prefix);
    await this.point(record, [routeCommand({ ...record, serverId }, prefix, this.options.uplink)]);
  }

  network(network: NetworkSpec): Promise<void> {
    return this.networks.set(network);
  }

  dropNetwork(id: number): Promise<void> {
    return this.networks.drop(id);
  }

  /** The first process of a server that runs; one that boots has it soon. */
  private async started(id: number): Promise<number | undefined> {
    if (!(await this.isRunning(id))) return undefined;
    await until(() => this.leader(id) !== undefined, 20_000, `server ${id} does not start`);
    return this.leader(id);
  }

  /** Writes where the addresses point and, if the cable is plugged in now, tells the router, which forgets the neighbours that it knew. */
  private async point(record: ServerRecord, commands: string[]): Promise<void> {
    this.files.setRecord(record);
    this.writeCable(record);
    const link = linkName(record.id);
    const dir = this.files.dir(record.id);
    const script = `[ -e /sys/class/net/${link} ] || exit 0; nft -f "$1/filter.nft"; printf '%s\\n' "$2" | ip -force -batch - ; ip neigh flush dev ${link}`;
    await run([
      "flock",
      join(dir, "cable.lock"),
      "ip",
      "netns",
      "exec",
      "router",
      "sh",
      "-c",
      script,
      "point",
      dir,
      commands.join("\n"),
    ]);
  }

  private writeCable(record: ServerRecord): void {
    const cable = { ...record, serverId: record.id };
    if (isOnLan(record)) {
      this.files.write(record.id, "cable.ip", lanCable(record.id));
      this.files.write(record.id, "filter.nft", "");
      return;
    }
    this.files.write(record.id, "cable.ip", cableBatch(cable, this.options.uplink));
    this.files.write(record.id, "filter.nft", uplinkFilter(cable));
  }

  private async newDisk(server: ServerSpec): Promise<void> {
    const root = this.files.path(server.id, "root");
    rmSync(this.files.path(server.id, "no-public"), { force: true });
    if (isPrivateAlone(server)) this.files.write(server.id, "no-public", "");
    const fresh = `${root}.new`;
    await run(["rm", "-rf", "--one-file-system", fresh, root]);
    const tree = this.options.images[hostImage(server.image).tree] ?? "";
    await run(["cp", "-a", "--reflink=auto", tree, fresh]);
    writeFileSync(join(fresh, "etc/machine-id"), `${randomBytes(16).toString("hex")}\n`);
    writeFileSync(join(fresh, "etc/hostname"), `${server.name}\n`);
    writeFileSync(join(fresh, "etc/tmpfiles.d/lab-loop.conf"), loopDevices);
    if (isOnLan(server)) await this.lanDisk(server, fresh);
    else this.cloudDisk(server, fresh);
    renameSync(fresh, root);
  }

  /** As at the provider: cloud-init finds what it needs. */
  private cloudDisk(server: ServerSpec, fresh: string): void {
    const seed = join(fresh, "var/lib/cloud/seed/nocloud");
    mkdirSync(seed, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(seedFiles(server)))
      writeFileSync(join(seed, name), text, { mode: 0o600 });
    const { network, dialect } = hostImage(server.image);
    for (const [name, { text, mode }] of Object.entries(hotplugFiles(server.image))) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      writeFileSync(join(fresh, name), text, { mode });
    }
    for (const [name, target] of Object.entries(hotplugLinks(server.image))) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      symlinkSync(target, join(fresh, name));
    }
    // netplan tells resolved.
    if (dialect === "ifupdown") writeFileSync(join(fresh, "etc/resolv.conf"), resolvConf(server));
    if (network === "static") {
      writeFileSync(
        join(fresh, "etc/cloud/cloud.cfg.d/99-disable-network-config.cfg"),
        "network: {config: disabled}\n",
      );
      mkdirSync(join(fresh, "etc/network/interfaces.d"), { recursive: true });
      writeFileSync(join(fresh, "etc/network/interfaces.d/50-cloud-init"), staticInterfaces(server));
    }
  }

  private async lanDisk(server: ServerSpec, fresh: string): Promise<void> {
    mkdirSync(join(fresh, "root/.ssh"), { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(lanFiles(server))) writeFileSync(join(fresh, name), text);
    for (const [name, target] of Object.entries(lanLinks(server))) symlinkSync(target, join(fresh, name));
    await run(["ssh-keygen", "-q", "-A", "-f", fresh]);
  }

  /** The first process of the server as the lab sees it: the child of its systemd-nspawn. */
  private leader(id: number): number | undefined {
    const nspawn = this.files.livePid(id, "nspawn.pid");
    if (!nspawn) return undefined;
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry) || parentOf(entry) !== nspawn) continue;
      this.files.write(id, "leader.pid", entry);
      return Number(entry);
    }
    return undefined;
  }

  private records(): ServerRecord[] {
    const folder = join(this.options.lab, "servers");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, "server.json")))
      .map((name) => this.files.record(Number(name)));
  }

  private leaseFile(id: number): string {
    return join(this.options.lab, "net", "dhcp-hosts", String(id));
  }

  private inRouter(argv: string[]): Promise<string> {
    return run(["nsenter", "--net=/run/netns/router", ...argv]);
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}

async function until(condition: () => boolean, milliseconds: number, message: string): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(message);
    await sleep(50);
  }
}
