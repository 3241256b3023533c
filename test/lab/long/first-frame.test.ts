import { readFileSync } from "node:fs";
import { join } from "node:path";
import { linkLocalOf, machineMac } from "../../../provider/model/mac-address";
import { filterService } from "../../../provider/model/paths";
import type { Properties } from "../../support/driver";
import { describeInLab } from "../available";
import type { Running } from "../../support/harness";
import { Lab } from "../../support/harness";
import { OneHost } from "../one-host";
import { clientAddress } from "../reach";
import { marksIn, type Mark } from "../mark";

const minutes = 60_000;
const early = readFileSync(join(__dirname, "..", "guest", "early.py"), "utf8");
const own = ["own4", "own6"];
const forged = ["arp", "mac", "neighbour", "router", "source4", "source6"];

/** Runs as the first process of a machine, before its own service manager. */
const first = (command: string): string => `#!/bin/sh
setsid /usr/bin/python3 -B /early.py ${command} >/early.log 2>&1 &
exec /usr/lib/systemd/systemd.real "$@"
`;

/** The host's own watcher, from before the network on. */
const watcher = `[Unit]
DefaultDependencies=no
Before=network-pre.target
[Service]
ExecStart=/usr/bin/python3 -B /root/early.py watch
StandardOutput=truncate:/root/early.log
[Install]
WantedBy=sysinit.target
`;

describeInLab("a machine that forges frames from its first process on", () => {
  const lab = new Lab(`first-frame-${process.pid}`);
  const at = new OneHost(lab);
  const addresses = new Map<string, { ip4: string; ip6: string }>();
  const addressesOf = (name: string) => addresses.get(name) ?? { ip4: "", ip6: "" };
  const macOf = (name: string): string => machineMac({ owner: `p/s/machine/${name}`, name });

  async function order(name: string, number: number): Promise<void> {
    const server = Number(at.host("one").id);
    const { floating_ip } = await lab.api("POST", "/floating_ips", { type: "ipv4", server, description: name });
    addresses.set(name, { ip4: floating_ip.ip, ip6: at.host("one").ipv6.replace(/::\/64$/, `::${number}`) });
  }

  const machine = (name: string, isolation: string): Properties => ({
    ...at.machine(name, undefined),
    networks: [
      {
        ...{ bridge: "br0", host: "p/s/host/one", isolation },
        ...{ gateway4: at.host("one").ipv4, ipv6: at.host("one").ipv6 },
        addresses: Object.values(addressesOf(name)).map((address) => ({
          ...{ address, host: "p/s/host/one", proxied: true },
        })),
      },
    ],
  });

  /** Brings all up with this isolation. */
  async function protect(isolation: "tenant" | "none"): Promise<void> {
    await at.must("bridgeNetwork", "bridge", at.bridge({ ipv6: at.host("one").ipv6, isolation }));
    for (const name of ["a", "b"]) await at.must("nspawnMachine", name, machine(name, isolation));
  }

  async function write(path: string, text: string): Promise<void> {
    const { code, output } = await lab.exec("one", ["sh", "-ec", 'cat >"$1"; chmod 0755 "$1"', "sh", path], text);
    if (code !== 0) throw new Error(`${path}: ${output}`);
  }

  /** From its next start on the machine's first process is ours. */
  async function plant(name: string, command: string): Promise<void> {
    const tree = `/var/lib/machines/${name}`;
    await write(`${tree}/early.py`, early);
    await lab.sh("one", `mv ${tree}/usr/lib/systemd/systemd ${tree}/usr/lib/systemd/systemd.real`);
    await write(`${tree}/usr/lib/systemd/systemd`, first(command));
  }

  beforeAll(async () => {
    await at.prepare();
    await order("a", 7);
    await order("b", 8);
    await protect("tenant");
    const world = {
      ...{ mac: macOf("a"), linkLocal: linkLocalOf(macOf("a")), a: addressesOf("a") },
      b: { ...addressesOf("b"), mac: macOf("b") },
      host: (await lab.out("one", "cat", "/sys/class/net/br0/address")).trim(),
      client: { ip4: clientAddress.ipv4, ip6: clientAddress.ipv6 },
    };
    await write("/var/lib/machines/a/early.json", JSON.stringify(world));
    await plant("a", "send /early.json");
    await plant("b", "watch host0");
    await write("/root/early.py", early);
    await write("/etc/systemd/system/early-watch.service", watcher);
    await lab.sh("one", "systemctl -q enable early-watch.service");
  }, 20 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  const logOf = async (path: string): Promise<Mark[]> => marksIn((await lab.exec("one", ["cat", path])).stdout);
  const sentBy = "/var/lib/machines/a/early.log";
  const seenByOther = "/var/lib/machines/b/early.log";

  /** Ends when, in this boot, what the machine may send has come to the client, and something has come to the other one. */
  async function arrived(client: Running, old: string | undefined): Promise<void> {
    const hello = `echo early:hello:0 >/dev/udp/${addressesOf("b").ip6}/9`;
    for (let tries = 0; tries < 200; tries += 1) {
      await lab.exec("client", ["bash", "-c", hello]);
      const run = (await logOf(sentBy))[0]?.run;
      const here = marksIn(client.said.stdout).filter((mark) => mark.run === run);
      const there = await logOf(seenByOther);
      if (run !== old && own.every((name) => here.some((mark) => mark.name === name)) && there.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const logs = await lab.sh("one", `tail -n 20 ${sentBy} ${seenByOther}`);
    throw new Error(`the machines said\n${logs}\nthe client\n${client.said.output}`);
  }

  interface Seen {
    /** By the machine itself, on the host, in the other machine, by the router and by the client. */
    sent: Mark[];
    host: Mark[];
    other: Mark[];
    outside: Mark[];
  }

  /** What is seen where while the host boots again; the captures outside run from before to behind it. */
  async function acrossReboot(how: "reset" | "reboot"): Promise<Seen> {
    const places = ["client", "router"].map((place) => lab.start(place, ["python3", "-", "watch"], early));
    for (const { said } of places)
      while (!said.stdout.includes("watching")) await new Promise((resolve) => setTimeout(resolve, 100));
    const old = (await logOf(sentBy))[0]?.run;
    await lab.api("POST", `/servers/${at.host("one").id}/actions/${how}`);
    try {
      await arrived(places[0]!, old);
      return {
        sent: await logOf(sentBy),
        host: await logOf("/root/early.log"),
        other: await logOf(seenByOther),
        outside: places.flatMap(({ said }) => marksIn(said.stdout)),
      };
    } finally {
      for (const { pid } of places) process.kill(pid);
    }
  }

  const names = (marks: Mark[]): string[] => [...new Set(marks.map(({ name }) => name))].sort();
  const forgeries = (marks: Mark[]): Mark[] => marks.filter(({ name }) => forged.includes(name));

  /** When the host's service manager began to start any machine, and when it had loaded the filter; of this boot. */
  async function starts(): Promise<{ machine: number; filter: number }> {
    const starting = "MESSAGE_ID=7d4958e842da4a758f6c1cdc7b36dcc5";
    const fields = "awk '{ print $1 }' | tr -d '[]'";
    const journal = `journalctl -q -b -o short-monotonic ${starting}`;
    const machine = await lab.sh("one", `${journal} -u 'systemd-nspawn@*.service' | ${fields} | head -n 1`);
    const property = "systemctl show -p ActiveEnterTimestampMonotonic --value";
    return {
      machine: Number(machine),
      filter: Number(await lab.sh("one", `${property} ${filterService("br0")}`)) / 1e6,
    };
  }

  it.each(["reset", "reboot"] as const)(
    "is shut in from the first one on when its host boots again after a %s",
    async (how) => {
      const { sent, host, other, outside } = await acrossReboot(how);
      expect(names(sent)).toEqual([...forged, ...own].sort());
      // All of them came to the host's end of its cable, and were seen there from the first on.
      const run = sent[0]?.run;
      const cable = host.filter(({ place }) => place === "vb-a");
      expect(names(cable.filter((mark) => mark.run === run))).toEqual(names(sent));
      expect(forgeries(host.filter(({ place }) => place !== "vb-a"))).toEqual([]);
      expect(forgeries(other)).toEqual([]);
      expect(forgeries(outside)).toEqual([]);
      expect(names(outside.filter((mark) => mark.run === run))).toEqual(own);
      const { machine, filter } = await starts();
      expect([filter, machine, sent[0]!.time, cable[0]!.time]).toEqual(
        [filter, machine, sent[0]!.time, cable[0]!.time].sort((a, b) => a - b),
      );
    },
    5 * minutes,
  );

  it(
    "is seen by the same captures where nothing protects from it",
    async () => {
      await protect("none");
      const { sent, host, other, outside } = await acrossReboot("reset");
      const run = sent[0]?.run;
      const of = (marks: Mark[]): string[] => names(forgeries(marks.filter((mark) => mark.run === run)));
      expect(of(host.filter(({ place }) => place === "br0"))).toEqual(forged);
      // At least: a poisoned host sends others where they do not belong.
      expect(of(other)).toEqual(expect.arrayContaining(["arp", "neighbour", "router"]));
      expect(of(outside)).toEqual(expect.arrayContaining(["mac", "source4", "source6"]));
    },
    10 * minutes,
  );
});
