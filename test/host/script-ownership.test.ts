import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Step } from "../../provider/plan/step";
import { Place, asRoot } from "../support/run-script";

const netdev = "/etc/systemd/network/10-br0.netdev";

function claim(
  key: string,
  owner: string,
  files: string[],
  adopt: "yes" | "no" = "no",
  former = "-",
): { step: Step; texts: Record<string, string> } {
  const record = [`owner\t${owner}`, "urn\t-", ...files.map((path) => `file\t${path}`), ""].join("\n");
  return { step: { verb: "claim", key, former, adopt, record: `record-${key}` }, texts: { [`record-${key}`]: record } };
}

/** What two owners want of one thing has the same name for both. */
function bridgeClaim(key: string, owner: string, files: string[], adopt: "yes" | "no") {
  const { step, texts } = claim(key, owner, files, adopt);
  return { step, texts: { [`record-${key}`]: `object\tbridge/br0\n${texts[`record-${key}`] ?? ""}` } };
}

const opening = (key: string, owner: string, former = "-"): Step[] => [
  { verb: "own", key, owner },
  { verb: "lock" },
  { verb: "begin", key, former, confirm: "no" },
];
const write = (path: string, text = "content"): Step => ({ verb: "file", path, mode: "0644", text });

jest.setTimeout(60_000);

asRoot("files on the host (needs root: a mount namespace)", () => {
  let place: Place;
  beforeEach(() => (place = new Place()));
  afterEach(() => place.remove());

  const put = (path: string, text: string): void => {
    mkdirSync(dirname(place.at(path)), { recursive: true });
    writeFileSync(place.at(path), text);
  };
  const ensure = (owner: string, adopt: "yes" | "no" = "no", text = "[NetDev]\n") => {
    const { step, texts } = claim("k1", owner, [netdev], adopt);
    return place.run([...opening("k1", owner), step, write(netdev), { verb: "prune" }, { verb: "commit" }], {
      ...texts,
      content: text,
    });
  };
  const release = (key = "k1") =>
    place.run([
      ...opening(key, "p/s/bridge/br0"),
      { verb: "release", key },
      { verb: "commit" },
      { verb: "unlock" },
      { verb: "finish_release", key },
    ]);

  it("writes a file with its mode, and again without touching it", async () => {
    expect((await ensure("p/s/bridge/br0")).failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("[NetDev]\n");
    expect(statSync(place.at(netdev)).mode & 0o7777).toBe(0o644);
    const before = statSync(place.at(netdev), { bigint: true });
    expect((await ensure("p/s/bridge/br0")).failure).toBeUndefined();
    const after = statSync(place.at(netdev), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it("leaves nothing of itself: no staging folder, no temporary file", async () => {
    await ensure("p/s/bridge/br0");
    const left = readdirSync(place.at("/run")).filter((name) => name.startsWith("pulumi-nspawn"));
    expect(left).toEqual(["pulumi-nspawn-locks"]);
    expect(readdirSync(dirname(place.at(netdev)))).toEqual(["10-br0.netdev"]);
  });

  it("refuses a file that somebody else wrote, and leaves it", async () => {
    put(netdev, "theirs\n");
    const report = await ensure("p/s/bridge/br0");
    expect(report.failure).toMatchObject({ code: "NSPAWN_OWNED" });
    expect(report.failure?.message).toContain("adopt: true");
    expect(readFileSync(place.at(netdev), "utf8")).toBe("theirs\n");
  });

  it("takes an equal file over without a word", async () => {
    put(netdev, "[NetDev]\n");
    expect((await ensure("p/s/bridge/br0")).failure).toBeUndefined();
  });

  it("replaces a foreign file with adopt, and brings it back at the end", async () => {
    put(netdev, "theirs\n");
    expect((await ensure("p/s/bridge/br0", "yes")).failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("[NetDev]\n");
    expect((await release()).failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("theirs\n");
  });

  it("refuses a file of another owner and names that owner", async () => {
    await ensure("p/first/bridge/br0");
    const { step, texts } = claim("k2", "p/second/bridge/br0", [netdev]);
    const report = await place.run([...opening("k2", "p/second/bridge/br0"), step, write(netdev)], {
      ...texts,
      content: "[NetDev]\nother\n",
    });
    expect(report.failure?.message).toContain("belongs to p/first/bridge/br0");
    expect(readFileSync(place.at(netdev), "utf8")).toBe("[NetDev]\n");
  });

  it("repairs a hand edit and a wrong mode of its own file", async () => {
    await ensure("p/s/bridge/br0");
    writeFileSync(place.at(netdev), "by hand\n", { mode: 0o600 });
    await place.shell(`chmod 0600 ${netdev}`);
    expect((await ensure("p/s/bridge/br0")).failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("[NetDev]\n");
    expect(statSync(place.at(netdev)).mode & 0o7777).toBe(0o644);
  });

  it("replaces a symbolic link instead of writing through it", async () => {
    await ensure("p/s/bridge/br0");
    await place.shell(`rm ${netdev}; echo precious >/etc/other/file; ln -s /etc/other/file ${netdev}`);
    expect((await ensure("p/s/bridge/br0")).failure).toBeUndefined();
    expect(lstatSync(place.at(netdev)).isSymbolicLink()).toBe(false);
    expect(readFileSync(place.at("/etc/other/file"), "utf8")).toBe("precious\n");
  });

  it("removes what an earlier version wrote and this one does not want", async () => {
    const extra = "/etc/systemd/network/10-br0.network.d/web.conf";
    const first = claim("k1", "p/s/machine/web", [netdev, extra]);
    await place.run([...opening("k1", "p/s/bridge/br0"), first.step, write(netdev), write(extra), { verb: "commit" }], {
      ...first.texts,
      content: "x\n",
    });
    expect(existsSync(place.at(extra))).toBe(true);
    await ensure("p/s/machine/web", "no", "x\n");
    expect(existsSync(place.at(extra))).toBe(false);
    expect(existsSync(place.at(netdev))).toBe(true);
  });

  it("follows a renamed owner", async () => {
    await ensure("p/s/bridge/old");
    const { step, texts } = claim("k9", "p/s/bridge/new", [netdev], "no", "k1");
    const report = await place.run(
      [...opening("k9", "p/s/bridge/new", "k1"), step, write(netdev), { verb: "commit" }],
      {
        ...texts,
        content: "new\n",
      },
    );
    expect(report.failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("new\n");
    expect(readdirSync(place.at("/var/lib/pulumi-nspawn/owners"))).toEqual(["k9"]);
  });

  const takesOver = (owner: string, adopt: "yes" | "no", ...last: Step[]) => {
    const { step, texts } = bridgeClaim("k2", owner, [netdev], adopt);
    return place.run([...opening("k2", owner), step, write(netdev), ...last], { ...texts, content: "new\n" });
  };
  const firstOwner = async () => {
    put(netdev, "theirs\n");
    const { step, texts } = bridgeClaim("k1", "p/s/bridge/br0", [netdev], "yes");
    await place.run([...opening("k1", "p/s/bridge/br0"), step, write(netdev), { verb: "commit" }], {
      ...texts,
      content: "first\n",
    });
  };

  it("hands on to who adopts a thing all that its owner remembers, and the old owner's removal is none", async () => {
    await firstOwner();
    expect((await takesOver("q/other/bridge/net", "yes", { verb: "commit" })).failure).toBeUndefined();
    expect(readdirSync(place.at("/var/lib/pulumi-nspawn/owners"))).toEqual(["k2"]);
    expect((await release()).failure).toBeUndefined();
    expect(readFileSync(place.at(netdev), "utf8")).toBe("new\n");
    expect((await release("k2")).failure).toBeUndefined();
    // What stood there before the first of them.
    expect(readFileSync(place.at(netdev), "utf8")).toBe("theirs\n");
  });

  it("gives it back where the adoption fails", async () => {
    await firstOwner();
    const failed = await takesOver("q/other/bridge/net", "yes", {
      verb: "own_address",
      address: "192.0.2.250",
      link: "-",
    });
    expect(failed.failure).toBeDefined();
    expect(readdirSync(place.at("/var/lib/pulumi-nspawn/owners"))).toEqual(["k1"]);
    expect(readFileSync(place.at(netdev), "utf8")).toBe("first\n");
  });

  it("keeps a host's own things as long as other stacks have something on it", async () => {
    const path = "/etc/pulumi-nspawn/uplink.test";
    const host = claim("k1", "p/s/host/home", [path]);
    await place.run([...opening("k1", "p/s/host/home"), host.step, write(path), { verb: "commit" }], {
      ...host.texts,
      content: "x\n",
    });
    await takesOver("p/s/bridge/own", "no", { verb: "commit" });
    const remove = () =>
      place.run([
        ...opening("k1", "p/s/host/home"),
        { verb: "unused", key: "k1" },
        { verb: "release", key: "k1" },
        { verb: "commit" },
        { verb: "finish_release", key: "k1" },
      ]);
    const extra = claim("k3", "q/tenant/machine/web", [`${path}.tenant`]);
    await place.run(
      [...opening("k3", "q/tenant/machine/web"), extra.step, write(`${path}.tenant`), { verb: "commit" }],
      {
        ...extra.texts,
        content: "x\n",
      },
    );
    const refused = await remove();
    expect(refused.failure).toMatchObject({ code: "NSPAWN_OWNED" });
    expect(refused.failure?.message).toContain("still used by other stacks: q/tenant/machine/web;");
    expect(existsSync(place.at(path))).toBe(true);
    await release("k3");
    expect((await remove()).failure).toBeUndefined();
    expect(existsSync(place.at(path))).toBe(false);
  });

  it("tells who renamed a resource how to say so, and nobody else", async () => {
    await firstOwner();
    const renamed = await takesOver("p/s/bridge/lan", "no");
    expect(renamed.failure?.message).toContain("belongs to p/s/bridge/br0; ");
    expect(renamed.failure?.message).toContain('aliases: [{ name: "br0" }]');
    const foreign = await takesOver("p/other/bridge/lan", "no");
    expect(foreign.failure?.message).toContain("belongs to p/s/bridge/br0; ");
    expect(foreign.failure?.message).not.toContain("aliases");
  });

  it("does not take over what is in the middle of a change", async () => {
    await firstOwner();
    mkdirSync(place.at("/var/lib/pulumi-nspawn/transactions/k1"), { recursive: true });
    const report = await takesOver("q/other/bridge/net", "yes");
    expect(report.failure).toMatchObject({ code: "NSPAWN_BUSY" });
    expect(readFileSync(place.at(netdev), "utf8")).toBe("first\n");
  });

  it("takes everything away at the end, folders that it made included, and nothing else", async () => {
    put("/etc/systemd/network/20-other.network", "theirs\n");
    const { step, texts } = claim("k1", "p/s/machine/web", ["/etc/systemd/network/10-br0.network.d/web.conf"]);
    await place.run(
      [
        ...opening("k1", "p/s/machine/web"),
        step,
        write("/etc/systemd/network/10-br0.network.d/web.conf"),
        { verb: "commit" },
      ],
      { ...texts, content: "x\n" },
    );
    expect((await release()).failure).toBeUndefined();
    expect(readdirSync(place.at("/etc/systemd/network"))).toEqual(["20-other.network"]);
    expect(existsSync(place.at("/var/lib/pulumi-nspawn"))).toBe(false);
    expect((await release()).failure).toBeUndefined(); // once more: nothing to do
  });

  it("lets the second program for one resource wait for the first", async () => {
    const held = "/var/lib/machines/held";
    mkdirSync(place.at("/var/lib/machines"), { recursive: true });
    const holder = place.shell(
      `mkdir -p /run/pulumi-nspawn-locks; flock /run/pulumi-nspawn-locks/resource.k1 sh -c 'touch ${held}; sleep 4'`,
    );
    while (!existsSync(place.at(held))) await new Promise((resolve) => setTimeout(resolve, 20));
    const report = await ensure("p/s/bridge/br0");
    expect(report.failure).toBeUndefined();
    expect(report.progress.join()).toContain("waiting for an earlier run");
    await holder;
  }, 30_000);
});

/** A systemctl for which everything is active, and that notes what it is told. */
const noted = "/var/lib/told";
const systemctl = [
  "mount -t tmpfs tmpfs /usr/local/bin",
  `printf '#!/bin/sh\\necho "$*" >>${noted}\\n' >/usr/local/bin/systemctl`,
  "cp /usr/local/bin/systemctl /usr/local/bin/networkctl; chmod 755 /usr/local/bin/*",
];

asRoot("what networkd reads when it starts (needs root: a mount namespace)", () => {
  const conf = "/etc/systemd/networkd.conf.d/10-pulumi-nspawn.conf";
  let place: Place;
  beforeEach(() => (place = new Place({}, undefined, systemctl)));
  afterEach(() => place.remove());
  const restarts = (): number =>
    (existsSync(place.at(noted)) ? readFileSync(place.at(noted), "utf8") : "")
      .split("\n")
      .filter((line) => line === "restart systemd-networkd.service").length;

  const write1 = () => {
    const { step, texts } = claim("k1", "p/s/host/home", [conf]);
    return place.run(
      [...opening("k1", "p/s/host/home"), step, write(conf), { verb: "prune" }, { verb: "settle" }, { verb: "commit" }],
      { ...texts, content: "[Network]\nManageForeignRoutingPolicyRules=no\n" },
    );
  };

  it("is read when it comes, and goes without a start, which would take rules and routes of others away", async () => {
    expect((await write1()).failure).toBeUndefined();
    expect(restarts()).toBe(1);
    const gone = await place.run([
      ...opening("k1", "p/s/host/home"),
      { verb: "release", key: "k1" },
      { verb: "commit" },
      { verb: "finish_release", key: "k1" },
    ]);
    expect(gone.failure).toBeUndefined();
    expect(existsSync(place.at(conf))).toBe(false);
    expect(restarts()).toBe(1);
  });
});

asRoot("files inside a machine's tree (needs root)", () => {
  let place: Place;
  const tree = "/var/lib/machines/web";
  beforeEach(() => {
    place = new Place();
    mkdirSync(place.at(`${tree}/etc`), { recursive: true });
    mkdirSync(place.at(`${tree}/root`), { recursive: true });
    writeFileSync(place.at(`${tree}/etc/shadow`), "root:*:19000:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n", {
      mode: 0o640,
    });
  });
  afterEach(() => place.remove());

  const guest = (...steps: Step[]) => {
    const { step, texts } = claim("k1", "p/s/machine/web", [], "yes");
    return place.run(
      [
        ...opening("k1", "p/s/machine/web"),
        step,
        { verb: "tree", machine: "web", hash: "h" },
        ...steps,
        { verb: "commit" },
      ],
      {
        ...texts,
        content: "x\n",
        hash: "$6$abc$def&/\\1\n",
      },
    );
  };
  const file = (path: string): Step => ({ verb: "guest_file", path: `${tree}${path}`, mode: "0600", text: "content" });

  it("writes with missing folders, which are not open to others where they hold keys", async () => {
    expect((await guest(file("/root/.ssh/authorized_keys"))).failure).toBeUndefined();
    expect(readFileSync(place.at(`${tree}/root/.ssh/authorized_keys`), "utf8")).toBe("x\n");
    expect(statSync(place.at(`${tree}/root/.ssh`)).mode & 0o7777).toBe(0o700);
  });

  it.each([
    ["absolute", "/etc/other"],
    ["relative", "../../../../../etc/other"],
  ])("never follows an %s link out of the tree", async (_kind, target) => {
    mkdirSync(place.at("/etc/other"), { recursive: true });
    symlinkSync(target, place.at(`${tree}/etc/systemd`));
    const report = await guest(file("/etc/systemd/evil"));
    expect(report.failure?.message).toContain("leads through a link");
    expect(readdirSync(place.at("/etc/other"))).toEqual([]);
  });

  it("replaces a link at the end of the path", async () => {
    mkdirSync(place.at("/etc/other"), { recursive: true });
    writeFileSync(place.at("/etc/other/victim"), "precious\n");
    symlinkSync("/etc/other/victim", place.at(`${tree}/etc/hostname`));
    expect((await guest(file("/etc/hostname"))).failure).toBeUndefined();
    expect(readFileSync(place.at("/etc/other/victim"), "utf8")).toBe("precious\n");
    expect(readFileSync(place.at(`${tree}/etc/hostname`), "utf8")).toBe("x\n");
  });

  it("gives files to whom the tree belongs", async () => {
    await place.shell(`chown 65536:65536 ${tree} ${tree}/etc`);
    expect((await guest(file("/etc/hosts"))).failure).toBeUndefined();
    expect(statSync(place.at(`${tree}/etc/hosts`)).uid).toBe(65536);
  });

  it("sets root's password and nothing else, whatever characters the hash has", async () => {
    expect((await guest({ verb: "guest_password", text: "hash" })).failure).toBeUndefined();
    expect(readFileSync(place.at(`${tree}/etc/shadow`), "utf8")).toBe(
      "root:$6$abc$def&/\\1:19000:0:99999:7:::\ndaemon:*:1:0:99999:7:::\n",
    );
    expect(statSync(place.at(`${tree}/etc/shadow`)).mode & 0o7777).toBe(0o640);
  });

  it("refuses a tree that is not ours", async () => {
    const { step, texts } = claim("k1", "p/s/machine/web", []);
    const report = await place.run(
      [...opening("k1", "p/s/machine/web"), step, { verb: "tree", machine: "web", hash: "h" }],
      texts,
    );
    expect(report.failure).toMatchObject({ code: "NSPAWN_OWNED" });
    expect(existsSync(place.at(`${tree}/etc/shadow`))).toBe(true);
  });

  it("moves a deleted machine to the trash", async () => {
    await guest();
    const report = await place.run([
      ...opening("k1", "p/s/machine/web"),
      { verb: "retire", key: "k1", machine: "web", how: "trash" },
      { verb: "commit" },
    ]);
    expect(report.failure).toBeUndefined();
    expect(existsSync(place.at(tree))).toBe(false);
    expect(readdirSync(place.at("/var/lib/pulumi-nspawn/trash"))[0]).toMatch(/^web-\d{8}T\d{6}Z$/);
  });
});
