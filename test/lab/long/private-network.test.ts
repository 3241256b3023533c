import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debian } from "../../support/debian";
import { Lab, root, run } from "../../support/harness";
import { describeInLab } from "../available";
import { clientAddress, pingsWithin } from "../reach";
import { Reader } from "../readers";

const minutes = 60_000;
const example = join(root, "examples", "private-network");
const project = join(example, "bin", "run");

/** The example with the run's release, where it finds the package. */
async function built(): Promise<void> {
  const compiled = await run([process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", example]);
  if (compiled.code !== 0) throw new Error(compiled.output);
  mkdirSync(project, { recursive: true });
  cpSync(join(example, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "private-network-run", main: "index.js" }));
  const text = readFileSync(join(example, "bin", "index.js"), "utf8");
  writeFileSync(
    join(project, "index.js"),
    text.replaceAll('"debian-13"', `"${debian.image}"`).replaceAll('"trixie"', `"${debian.suite}"`),
  );
}

/** examples/private-network, where only one of two servers has public addresses. */
describeInLab("a private network at Hetzner", () => {
  const lab = new Lab("e2e-private");
  const stack = lab.stack("private");
  const own = { web: "", db: "", web6: "" };
  const hosts: Record<string, string> = {};

  const inside = (host: string, machine: string, text: string) =>
    lab.exec(hosts[host] ?? "", ["sh", "-ec", `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -c '${text}'`]);
  const pings = async (host: string, machine: string, address: string, ...more: string[]) =>
    (await inside(host, machine, `ping -n -c1 -W2 ${more.join(" ")} ${address}`)).code === 0;
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  const reach = async (seconds = 20) => {
    for (const [host, machine, address] of [["one", "web", own.db], ["two", "db", own.web]] as const) {
      const loop = `for i in $(seq ${seconds}); do ping -n -c1 -W1 ${address} && exit 0; sleep 1; done; ip addr; ip route; exit 1`;
      expect(await inside(host, machine, loop)).toMatchObject({ code: 0 });
    }
  };

  beforeAll(async () => {
    await built();
    await lab.down();
    await lab.up();
    stack.project = project;
    await stack.init();
    const key = (await lab.sh("operator", 'cat "$NSPAWN_PUBLIC_KEY_FILE"')).trim();
    expect(await stack.pulumi("config", "set", "publicKey", key)).toMatchObject({ code: 0 });
    const up = await stack.pulumi("up", "--yes", "--skip-preview");
    if (up.code !== 0) throw new Error(up.output);
    const { webAddress, dbAddress } = (await stack.outputs()) as unknown as Record<string, string>;
    const { servers } = await lab.api("GET", "/servers");
    for (const { name } of servers as { name: string }[]) hosts[name.slice(0, 3)] = name;
    Object.assign(own, { db: dbAddress, web6: webAddress });
    own.web = /inet (10\.0\.11\.\d+)/.exec((await inside("one", "web", "ip -4 addr show dev back")).stdout)?.[1] ?? "";
  }, 25 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test("has machines of two servers that reach each other by their own addresses, in packets of 1450 bytes", async () => {
    expect([own.web, own.db]).toEqual([expect.stringMatching(/^10\.0\.11\./), expect.stringMatching(/^10\.0\.12\./)]);
    await reach();
    expect(await pings("one", "web", own.db, "-M", "do", "-s", "1422")).toBe(true);
    expect(await pings("one", "web", own.db, "-M", "do", "-s", "1423")).toBe(false);
    expect(await pings("two", "db", "10.0.1.11")).toBe(true);
    const { networks } = await lab.api("GET", "/networks");
    expect(networks[0].routes).toEqual(expect.arrayContaining([
      { destination: "10.0.11.0/24", gateway: "10.0.1.11" },
      { destination: "10.0.12.0/24", gateway: "10.0.1.12" },
    ]));
  }, 4 * minutes);

  test("is apart from the public network, both ways, and nothing answers for it", async () => {
    expect(await pingsWithin(lab, own.web6, 20)).toBeGreaterThanOrEqual(0);
    const { output } = await inside("one", "web", `ping -n -c1 -W2 ${clientAddress.ipv4}`);
    expect(output).toMatch(/Net Unreachable|Network is unreachable|Host Unreachable/i);
    expect(await pings("two", "db", clientAddress.ipv4)).toBe(false);
    for (const host of ["one", "two"]) {
      expect(await lab.sh(hosts[host] ?? "", "ip neigh show proxy")).not.toMatch(/^10\./m);
      expect(await lab.sh(hosts[host] ?? "", "nft list ruleset")).not.toMatch(/pulumi-nspawn[^}]*masquerade/);
    }
    expect(await lab.sh(hosts["one"] ?? "", "ip rule")).toMatch(/1000:\s+from all iif back lookup main suppress_prefixlength 0/);
  }, 3 * minutes);

  test("lets a machine send from its own address alone", async () => {
    const other = own.db.replace(/\d+$/, (last) => String(Number(last) === 200 ? 201 : 200));
    await inside("two", "db", `ip addr add ${other}/32 dev host0`);
    expect(await pings("two", "db", own.web, "-I", other)).toBe(false);
    expect(await pings("two", "db", own.web)).toBe(true);
    await inside("two", "db", `ip addr del ${other}/32 dev host0`);
  }, 2 * minutes);

  test("is in order for a refresh, after networkd's restart, and after a reboot of the server that has nothing else", async () => {
    await noDrift();
    const doctor = await new Reader(lab).types("npx pulumi-nspawn doctor --json");
    expect([doctor.code, doctor.code === 0 ? "" : doctor.output]).toEqual([0, ""]);
    await lab.sh(hosts["one"] ?? "", "systemctl restart systemd-networkd");
    await reach();
    await lab.exec(hosts["two"] ?? "", ["systemctl", "reboot"]);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await reach(120);
    await noDrift();
  }, 8 * minutes);

  test("goes with the stack, its routes too", async () => {
    await stack.destroy();
    expect((await lab.api("GET", "/networks")).networks).toEqual([]);
  }, 6 * minutes);
}); // prettier-ignore
