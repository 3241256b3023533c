import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { labDir, labDown, labExec, labRun, labStatus, labUp } from "../../lab";
import { describeInLab } from "./available";
import { debian } from "../support/debian";

const name = "test-lab-a";
const other = "test-lab-b";
const labsDir = dirname(labDir(name));
const deadLock = join(labsDir, ".lab-test-lab-killed.lock");
const at = (place: string, script: string) => labRun(place, ["sh", "-c", script], { name });

/** One request to the API, from where a program would send it. */
async function api(method: string, path: string, body?: object): Promise<Record<string, never>> {
  const script = `curl -s -X "$1" -H "Authorization: Bearer $HCLOUD_TOKEN" -H "Content-Type: application/json" "$HCLOUD_ENDPOINT$2" ${body ? '-d "$3"' : ""}`;
  const { stdout } = await labRun("operator", ["sh", "-c", script, "sh", method, path, JSON.stringify(body ?? {})], {
    name,
  });
  return stdout === "" ? {} : (JSON.parse(stdout) as Record<string, never>);
}

async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(300);
  }
}

const ssh = (address: string, command: string) =>
  labRun("operator", ["timeout", "10", "ssh", "-n", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
    "-o", "ConnectTimeout=2", `root@${address}`, command], { name }); // prettier-ignore

const answers = (address: string) => async () =>
  (await ssh(address, "cloud-init status --wait >/dev/null; true")).code === 0;

/** What the machine itself has of namespaces, mounts, interfaces, addresses and routes; nothing of it may change. */
function machine(): string {
  const show = (script: string) => execFileSync("sh", ["-c", script]).toString();
  return [
    show(
      "ip netns; ip -o link | cut -d: -f2; ip -o addr | awk '{print $2, $4}'; ip route; ip -6 route | sed 's/ expires.*//'; nft list tables",
    ),
    readFileSync("/proc/self/mounts", "utf8"),
  ].join("\n");
}

describeInLab("a lab", () => {
  let before = "";
  let server = { id: 0, ipv4: "", ipv6: "" };

  beforeAll(async () => {
    await labDown({ name });
    await labDown({ name: other });
    before = machine();
  }, 120_000);

  afterAll(async () => {
    await labDown({ name });
    await labDown({ name: other });
  }, 120_000);

  test("is made once; a second call changes nothing; another name is another lab", async () => {
    expect(await labUp({ name })).toEqual({ name, started: true });
    expect(await labUp({ name })).toEqual({ name, started: false });
    expect(await labUp({ name: other })).toEqual({ name: other, started: true });
    expect(machine()).toBe(before);
  }, 600_000);

  test("boots a server like Hetzner's within a minute of its order", async () => {
    const key = readFileSync(join(labDir(name), "operator_ed25519.pub"), "utf8").trim();
    await api("POST", "/ssh_keys", { name: "operator", public_key: key });
    await api("POST", "/servers", {
      name: "host-1",
      server_type: "cx23",
      image: debian.image,
      location: "fsn1",
      ssh_keys: ["operator"],
    });
    await until("the server", 10, () => Promise.resolve(labStatus(name).servers.length === 1));
    const [found] = labStatus(name).servers;
    server = { id: found?.id ?? 0, ipv4: found?.ipv4 ?? "", ipv6: found?.ipv6 ?? "" };
    await until("ssh", 60, answers(server.ipv4));
    expect((await ssh(server.ipv4, "systemctl is-system-running --wait")).stdout.trim()).toBe("running");
    const { stdout } = await ssh(server.ipv4, "ip route; cat /etc/network/interfaces.d/50-cloud-init");
    // dhclient of Debian 12 says less of them than dhcpcd of 13.
    expect(stdout).toMatch(/^default via 172\.31\.1\.1 dev eth0 .*\n172\.31\.1\.1 dev eth0 .*scope link/m);
    expect(stdout).toMatch(
      /iface eth0 inet dhcp\n[\s\S]*iface eth0 inet6 static\n.*address 2001:db8:[\s\S]*gateway fe80::1/,
    );
    expect((await at("host-1", "curl -s http://169.254.169.254/hetzner/v1/metadata/instance-id")).stdout.trim()).toBe(
      String(server.id),
    );
  }, 120_000);

  test("lets it install packages with Debian's signatures verified", async () => {
    const { code, stdout, stderr } = await at(
      "host-1",
      "set -e; apt-get update; DEBIAN_FRONTEND=noninteractive apt-get install -y nftables; nft --version",
    );
    expect(stderr).not.toMatch(/GPG error|not signed/);
    expect(code).toBe(0);
    expect(stdout).toContain("nftables v1.");
  }, 180_000);

  test("has no way out", async () => {
    for (const place of ["operator", "client", "router", "host-1"])
      expect((await at(place, "ping -c1 -W1 9.9.9.9 || ping -c1 -W1 2620:fe::fe")).code).not.toBe(0);
    const started = Date.now();
    expect((await at("operator", "getent hosts api.hetzner.cloud")).code).not.toBe(0);
    expect(Date.now() - started).toBeLessThan(3000);
    expect((await labRun("client", ["ping", "-c1", "-W1", server.ipv4], { name: other })).code).not.toBe(0);
  }, 60_000);

  test("delivers a floating address only when the server answers for it, and drops what is not the server's own", async () => {
    await api("POST", "/floating_ips", { type: "ipv4", server: server.id });
    await until("route", 10, () => Promise.resolve(labStatus(name).servers[0]?.routed.length === 1));
    const floating = labStatus(name).servers[0]?.routed[0]?.split("/")[0] ?? "";
    const ping = async () => (await labRun("client", ["ping", "-c1", "-W2", floating], { name })).code === 0;
    expect(await ping()).toBe(false);
    await at("host-1", `ip addr add ${floating}/32 dev lo`);
    await until("the floating address", 10, ping);
    await at("host-1", "ip addr add 198.51.100.250/32 dev lo; ping -c2 -W1 -I 198.51.100.250 192.0.2.7");
    const dropped = await at("router", `nft list table netdev srv${server.id}`);
    expect(dropped.stdout).toMatch(/counter packets 2 bytes \d+ drop comment "foreign source"/);
  }, 60_000);

  test("passes standard input, exit codes and the caller's folder on", async () => {
    expect(await labExec("client", ["sh", "-c", "exit 7"], { name, stdio: "ignore" })).toBe(7);
    expect(
      await labRun("operator", ["sh", "-c", "pwd; cat; echo ${#HCLOUD_TOKEN}"], { name, cwd: "/usr", input: "text\n" }),
    ).toEqual({
      code: 0,
      stdout: "/usr\ntext\n64\n",
      stderr: "",
    });
  });

  test("boots a server again when it reboots, and knows when it powered off", async () => {
    const bootOf = async () =>
      (await ssh(server.ipv4, "journalctl -b -o cat _PID=1 | head -1; cat /proc/1/stat | cut -d' ' -f22")).stdout;
    const first = await bootOf();
    await labExec("host-1", ["systemctl", "reboot"], { name, stdio: "ignore" });
    await until("reboot", 60, async () => ![first, ""].includes(await bootOf()));
    await labExec("host-1", ["systemctl", "poweroff"], { name, stdio: "ignore" });
    await until("power off", 30, async () =>
      JSON.stringify(await api("GET", `/servers/${server.id}`)).includes('"status":"off"'),
    );
    await api("POST", `/servers/${server.id}/actions/poweron`);
    await until("ssh", 60, answers(server.ipv4));
  }, 180_000);

  test("survives the death of its API and of its first process", async () => {
    await labRun("router", ["pkill", "-KILL", "-f", "daemon/main.js"], { name });
    await until("the API", 20, async () =>
      JSON.stringify(await api("GET", "/servers").catch(() => ({}))).includes('"status":"running"'),
    );
    const lab = JSON.parse(readFileSync(join(labDir(name), "lab.json"), "utf8")) as { holder: { pid: number } };
    process.kill(lab.holder.pid, "SIGKILL");
    await until("the end", 10, () => Promise.resolve(labStatus(name).state === "stopped"));
    expect(await labUp({ name })).toEqual({ name, started: true });
    await until("ssh", 60, answers(server.ipv4));
  }, 180_000);

  test("leaves nothing, also after its first process was killed, and what a killed command locked", async () => {
    const lab = JSON.parse(readFileSync(join(labDir(name), "lab.json"), "utf8")) as { holder: { pid: number } };
    process.kill(lab.holder.pid, "SIGKILL");
    mkdirSync(deadLock);
    utimesSync(deadLock, new Date(0), new Date(0));
    expect(await labDown({ name })).toEqual({ name, removed: true });
    expect(await labDown({ name: other })).toEqual({ name: other, removed: true });
    expect(await labDown({ name })).toEqual({ name, removed: false });
    expect(machine()).toBe(before);
    expect(existsSync(labsDir) ? readdirSync(labsDir).filter((entry) => entry.includes("test-lab-")) : []).toEqual([]);
    expect(execFileSync("sh", ["-c", "find /sys/fs/cgroup -name 'pulumi-nspawn-lab-test-lab-*'"]).toString()).toBe("");
    expect(execFileSync("sh", ["-c", "ps -eo args | grep '[t]est-lab-[ab]' || true"]).toString()).toBe("");
  }, 120_000);
});
