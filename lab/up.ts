import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { raiseInotifyLimits } from "./core/inotify-limits";
import { LabError } from "./core/lab-error";
import { readLab, writeLab, type LabRecord } from "./lab-record";
import { asset, defaultLab, labCacheDir, labDir, labsDir, program } from "./core/places";
import { identify, isAlive, parentOf, type ProcessIdentity } from "./core/process-identity";
import { silentProgress, type Progress } from "./core/progress";
import { requireLabMachine } from "./core/requirements";
import { run } from "./core/run";
import { withLock } from "./core/with-lock";
import { ensureImage } from "./images/image";
import { trees } from "./images/trees";
import { lanDhcpConfig, type LanIpv6 } from "./network/lan";
import { addresses } from "./network/addresses";
import { dhcpConfig, dnsConfig, sysctls, topology } from "./network/topology";
import type { UplinkMode } from "./network/uplink";
import { ensureMirror } from "./packages/mirror";
import { suites } from "./packages/suites";

export interface LabOptions {
  /** Name of the lab; default $PULUMI_NSPAWN_LAB, else "default". Labs with different names never meet. */
  name?: string;
  /** How the router reaches addresses on a server's cable; default "strict". Fixed when the lab is made. */
  uplink?: UplinkMode;
  /** DHCP lease in seconds; default 3600. */
  leaseSeconds?: number;
  /** How hosts of the plain LAN get their IPv6 addresses; default "slaac". Fixed when the lab is made. */
  lanIpv6?: LanIpv6;
  /** What each action of the API takes beyond the real work, in milliseconds; default 200. */
  actionDelayMs?: number;
  progress?: Progress;
}

/**
 * Makes a lab, or starts one whose processes ended; a running one is left as it is.
 *
 * Changes on the machine: /var/lib/pulumi-nspawn-lab, the cache, fs.inotify limits; processes, mounts and namespaces that end with the lab.
 * Errors: LabError (4: something is missing on this machine).
 */
export async function labUp(options: LabOptions = {}): Promise<{ name: string; started: boolean }> {
  const name = options.name ?? defaultLab;
  const progress = options.progress ?? silentProgress;
  const dir = labDir(name);
  const running = readLab(name);
  if (running?.holder && isAlive(running.holder) && existsSync(join(dir, "ready"))) return { name, started: false };
  await requireLabMachine();
  const cache = labCacheDir();
  mkdirSync(cache, { recursive: true });
  const { mirrors, images } = await fromCache(cache, progress);
  mkdirSync(labsDir, { recursive: true, mode: 0o700 });
  return withLock(labsDir, `lab-${name}`, async () => {
    const found = readLab(name);
    if (found?.holder && isAlive(found.holder)) {
      await waitUntilReady(dir, found.holder);
      return { name, started: false };
    }
    const step = progress.step(`lab "${name}"`);
    const record = { ...(found ?? (await make(name, options))), images, mirrors };
    writeLab(record);
    writeTexts(dir, record);
    writeFileSync(join(dir, "mirrors"), `${Object.values(mirrors).join("\n")}\n`);
    await raiseInotifyLimits(labsDir);
    const holder = await startHolder(dir);
    writeLab({ ...record, holder });
    await waitUntilReady(dir, holder);
    step.done("runs");
    return { name, started: true };
  });
}

/** Mirrors by suite and trees by name, made where the cache has none. */
async function fromCache(cache: string, progress: Progress): Promise<Pick<LabRecord, "mirrors" | "images">> {
  const mirrors: Record<string, string> = {};
  for (const suite of suites) mirrors[suite] = await ensureMirror(suite, cache, progress);
  const images: Record<string, string> = {};
  for (const tree of trees) images[tree.name] = await ensureImage(tree, cache, mirrors[tree.suite] ?? "", progress);
  return { mirrors, images };
}

async function make(name: string, options: LabOptions): Promise<LabRecord> {
  const dir = labDir(name);
  for (const folder of ["log", "net/dhcp-hosts", "servers"])
    mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
  const record: LabRecord = {
    name,
    uplink: options.uplink ?? "strict",
    leaseSeconds: options.leaseSeconds ?? 3600,
    lanIpv6: options.lanIpv6 ?? "slaac",
    actionDelayMs: options.actionDelayMs ?? 200,
    token: randomBytes(32).toString("hex"),
    images: {},
    mirrors: {},
    cgroup: `/sys/fs/cgroup/pulumi-nspawn-lab-${name}`,
    createdAt: new Date().toISOString(),
    env: {},
  };
  writeFileSync(join(dir, "cgroup"), record.cgroup);
  rmSync(join(dir, "operator_ed25519"), { force: true });
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator@lab", "-f", join(dir, "operator_ed25519")]);
  return record;
}

/** What the first process reads. Written at each start, so that a lab of an older version gets what this one needs. */
function writeTexts(dir: string, record: LabRecord): void {
  const net = (file: string, text: string) => writeFileSync(join(dir, "net", file), text);
  for (const { namespace, batch } of topology()) net(`${namespace}.ip`, batch);
  net("sysctls", sysctls());
  net("dns.conf", dnsConfig());
  net(
    "resolv.conf",
    addresses.dns
      .map((ip) => `nameserver ${ip}\n`)
      .slice(0, 2)
      .join("") + "options timeout:1 attempts:1\n",
  );
  net("dhcp.conf", dhcpConfig(join(dir, "net/dhcp-hosts"), join(dir, "net/dhcp.leases"), record.leaseSeconds));
  net("lan.conf", lanDhcpConfig(join(dir, "net/lan.leases"), record.leaseSeconds, record.lanIpv6));
}

async function startHolder(dir: string): Promise<ProcessIdentity> {
  for (const file of ["ready", "failed", "agent.sock"]) rmSync(join(dir, file), { force: true });
  // Process numbers of an earlier life mean nothing in the new namespace.
  for (const id of readdirSync(join(dir, "servers")))
    for (const file of ["supervisor.pid", "nspawn.pid", "leader.pid"])
      rmSync(join(dir, "servers", id, file), { force: true });
  const log = openSync(join(dir, "log", "holder.log"), "a");
  const argv = [
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "slave",
    "bash",
    asset("holder.sh"),
  ];
  const child = spawn("/usr/bin/unshare", [...argv, dir, process.execPath, program("")], {
    detached: true,
    cwd: "/",
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const pid = readdirSync("/proc")
      .map(Number)
      .find((candidate) => candidate > 0 && parentOf(candidate) === child.pid);
    const holder = pid === undefined ? undefined : identify(pid);
    if (holder) return holder;
    await sleep(20);
  }
  throw new LabError(`the lab's first process did not start; see ${join(dir, "log", "holder.log")}`);
}

async function waitUntilReady(dir: string, holder: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!existsSync(join(dir, "ready"))) {
    if (existsSync(join(dir, "failed"))) throw new LabError(readFileSync(join(dir, "failed"), "utf8").trim());
    if (!isAlive(holder)) throw new LabError(`the lab's first process ended; see ${join(dir, "log", "holder.log")}`);
    if (Date.now() > deadline)
      throw new LabError(`the lab's API did not answer within 60 s; see ${join(dir, "log", "daemon.log")}`);
    await sleep(50);
  }
}
