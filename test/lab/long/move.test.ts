import type { Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { pingsWithin } from "../reach";
import { insteadOf, TwoHosts, type Kill } from "../two-hosts";
import { debian } from "../../support/debian";

jest.setTimeout(900_000);

const tree = "/var/lib/machines/web";

/** What a copy has to keep: every kind of path and attribute, in the form in which they are compared. */
const makeThings = `cd ${tree}/srv
echo precious >data; chmod 0640 data; chown 1234:4321 data
ln data hard; ln -s ../etc/hostname soft; ln -s /no/where dangling; mkfifo pipe; mkdir -m 1777 sticky
printf 'two\\nlines' >"$(printf 'odd\\nname\\t\\377')"
truncate -s 300M sparse; printf end >>sparse
setfacl -m u:77:rw data; setfacl -d -m g:88:rx sticky
cp /bin/ping cap; python3 -c 'import os; os.setxattr("data", "user.note", b"kept")'
python3 -c 'import os; os.setxattr("cap", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))'
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
touch -d 2001-02-03T04:05:06.789 old sticky`;

const things = `cd $ROOT/srv; python3 - <<'END'
import os, hashlib
for folder, folders, files in os.walk(b"."):
  folders.sort()
  for name in sorted(folders + files):
    path = os.path.join(folder, name); s = os.lstat(path)
    if s.st_mode & 0o170000 == 0o140000: continue
    kind = s.st_mode & 0o170000
    content = hashlib.sha256(open(path, "rb").read()).hexdigest() if kind == 0o100000 else os.readlink(path) if kind == 0o120000 else ""
    xattrs = {} if kind == 0o120000 else {a: os.getxattr(path, a) for a in sorted(os.listxattr(path))}
    links = s.st_nlink if kind == 0o100000 else 0
    print(path, oct(s.st_mode), s.st_uid, s.st_gid, links, s.st_mtime_ns, content, xattrs, s.st_blocks < 2048 if name == b"sparse" else "")
print(os.stat(b"data").st_ino == os.stat(b"hard").st_ino)
END`;

describeInLab("a machine moves to another host, on real hosts without an engine", () => {
  const world = new TwoHosts(new Lab(`move-${process.pid}`));
  const { lab } = world;
  let address = "";

  const hostArgs = (host: string): Properties => ({
    ...world.common("host", host, host),
    ...{ packages: ["acl"], sysctls: {}, resolved: true, adopt: false },
  });
  const bridgeArgs = (host: string): Properties => ({
    ...world.common("bridge", `${host}-br0`, host),
    ...{
      bridge: "br0",
      mode: "routed",
      isolation: "none",
      ipv4: world.host(host).ipv4,
      adopt: false,
    },
  });
  const floatingArgs = (host: string): Properties => ({
    ...world.common("floating-ip", "web", host),
    ...{ type: "ipv4", address, name: "web" },
  });
  const machineArgs = (host: string, change: Properties = {}): Properties => ({
    ...world.common("machine", "web", host),
    name: "web",
    networks: [
      {
        bridge: "br0",
        host: `p/s/host/${host}`,
        gateway4: world.host(host).ipv4,
        addresses: [{ address, host: `p/s/host/${host}`, proxied: false }],
      },
    ],
    image: {
      kind: "debootstrap",
      suite: debian.suite,
      mirror: "http://deb.debian.org/debian",
      packages: [],
    },
    ...{ hostname: "web", onDelete: "delete" },
    ...change,
  });

  /** What `up` does for a program that names this host: the address first, then the machine. */
  async function up(host: string, fault?: Kill | string): Promise<string | undefined> {
    await world.assign(host);
    await world.up("floatingIp", "floating", floatingArgs(host));
    const { error } = await world.up("nspawnMachine", "machine", machineArgs(host), fault);
    return error?.message;
  }

  const active = async (host: string): Promise<boolean> =>
    (await lab.exec(host, ["systemctl", "-q", "is-active", "systemd-nspawn@web"])).code === 0;
  const startsAtBoot = async (host: string): Promise<boolean> => {
    const links = `find /etc/systemd/system -name 'systemd-nspawn@web.service' -type l | grep -q .`;
    return (await lab.exec(host, ["sh", "-c", links])).code === 0;
  };
  const where = async (): Promise<string[]> => {
    const running: string[] = [];
    for (const host of ["one", "two"]) if (await active(host)) running.push(host);
    return running;
  };
  const thingsOn = (host: string): Promise<string> => lab.sh(host, things.replace("$ROOT", tree));

  /** What `up` answers. Fails if the machine runs on both hosts at any time; the lab's hosts share one clock. */
  async function upAlone(host: string, fault?: Kill | string): Promise<string | undefined> {
    let message: string | undefined;
    const { one = [], two = [] } = await world.watched("web", async () => (message = await up(host, fault)));
    for (const [from, to] of one) {
      for (const [start, end] of two) expect([start >= to || end <= from, from, to, start, end][0]).toBe(true);
    }
    expect(one.length + two.length).toBeGreaterThan(0);
    return message;
  }

  beforeAll(async () => {
    await world.start();
    address = world.host("one").floating;
    for (const host of ["one", "two"]) {
      expect((await world.up("nspawnHost", `host-${host}`, hostArgs(host))).error).toBeUndefined();
      expect((await world.up("bridgeNetwork", `bridge-${host}`, bridgeArgs(host))).error).toBeUndefined();
    }
    expect(await up("one")).toBeUndefined();
    await lab.sh("one", makeThings);
  });

  afterAll(() => lab.down());

  it("keeps its data, attributes and address, and never runs twice", async () => {
    const before = await thingsOn("one");
    expect(await upAlone("two")).toBeUndefined();
    expect(before).toMatch(/security.capability.*user.note|user.note.*security.capability/s);
    await arrives("two", before);
  });

  const other = (host: string): string => (host === "one" ? "two" : "one");
  const home = async (): Promise<string> => (await where())[0] ?? "";

  async function arrives(host: string, before: string): Promise<void> {
    expect(await where()).toEqual([host]);
    expect(await startsAtBoot(host)).toBe(true);
    expect(await thingsOn(host)).toBe(before);
    expect(await pingsWithin(lab, address, 10)).toBeGreaterThanOrEqual(0);
    expect(await lab.sh(other(host), "find /var/lib/machines /etc/systemd -name '*web*' -o -name '.#*'")).toBe("");
    expect((await world.up("nspawnMachine", "machine", machineArgs(host))).changes).toBe(false);
  }

  it.each<[string, Kill, "old" | "new" | "none"]>([
    ["when the first copy begins", { when: "before", verb: "receive" }, "old"],
    ["before it is stopped", { when: "before", verb: "depart" }, "old"],
    ["when it is stopped", { when: "after", verb: "depart" }, "none"],
    ["when the copy is complete", { when: "before", verb: "arrive" }, "none"],
    ["when it runs on the new host", { when: "after", verb: "arrive" }, "new"],
    ["before the old host lets go of it", { when: "before", verb: "departed" }, "new"],
  ])("goes on after the provider was killed %s", async (_when, fault, runs) => {
    const from = await home();
    const to = other(from);
    const before = await thingsOn(from);
    await upAlone(to, fault);
    expect(await where()).toEqual({ old: [from], new: [to], none: [] }[runs]);
    expect(await startsAtBoot(from)).toBe(runs === "old");
    expect(await upAlone(to)).toBeUndefined();
    await arrives(to, before);
  });

  it("stays stopped over a reboot of the old host, refuses to be started there, and then goes on", async () => {
    const from = await home();
    const to = other(from);
    const before = await thingsOn(from);
    await up(to, { when: "after", verb: "depart" });
    await lab.exec(from, ["systemctl", "reboot"]);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await lab.sh(
      "operator",
      `until ssh-keyscan -T 2 ${world.host(from).ipv4} 2>/dev/null | grep -q ed25519; do sleep 0.3; done`,
    );
    await lab.sh(from, "timeout 60 systemctl is-system-running --wait || :");
    expect((await lab.exec(from, ["systemctl", "start", "systemd-nspawn@web"])).output).toMatch(/[Aa]ssert/);
    expect(await where()).toEqual([]);
    const { error } = await world.up("nspawnMachine", "machine", machineArgs(from, { hostname: "other" }));
    expect(error).toMatchObject({ code: "NSPAWN_MOVING" });
    expect(await up(to)).toBeUndefined();
    await arrives(to, before);
  });

  it.each([
    ["does not come up on the new host", insteadOf("await_ready", "fail NSPAWN_NOT_READY broken-for-a-test")],
    ["is not taken in", insteadOf("arrive", "fail NSPAWN_STEP_FAILED broken-for-a-test")],
    ["cannot be copied", insteadOf("receive", "fail NSPAWN_DISK_FULL broken-for-a-test")],
  ])("is back on the old host when it %s, and moves with the next up", async (_what, fault) => {
    const from = await home();
    const to = other(from);
    const before = await thingsOn(from);
    expect(await upAlone(to, fault)).toContain("broken-for-a-test");
    expect([await where(), await startsAtBoot(from), await startsAtBoot(to)]).toEqual([[from], true, false]);
    expect(await thingsOn(from)).toBe(before);
    expect(await upAlone(to)).toBeUndefined();
    await arrives(to, before);
  });
});
