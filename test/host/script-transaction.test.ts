import { encodeFields, encodeSteps } from "../../provider/plan/encode";
import { hostFile } from "../../provider/host/files";
import { hostLibrary, hostProgram } from "../../provider/host/program";
import type { Step } from "../../provider/plan/step";
import { Place, asRoot } from "../support/run-script";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";

jest.setTimeout(120_000);

const owner = "p/s/bridge/br0";
const record = ["owner\tp/s/bridge/br0", "urn\t-", ""].join("\n");
const broken: Step = { verb: "file", path: "/etc/systemd/network/last", mode: "0644", text: "no-such-text" };

/** A change of some files that succeeds, fails at its end, or is killed there. */
function change(files: Record<string, string>, last: Step[]): { steps: Step[]; texts: Record<string, string> } {
  const names = Object.keys(files);
  const wanted = `${record}${names.map((path) => `file\t${path}\n`).join("")}`;
  const texts = Object.fromEntries(names.map((path, index) => [`f${index}`, files[path] ?? ""]));
  const steps: Step[] = [
    { verb: "own", key: "k1", owner },
    { verb: "lock" },
    { verb: "begin", key: "k1", former: "-", confirm: "no" },
    { verb: "claim", key: "k1", former: "-", adopt: "yes", record: "record" },
    ...names.map((path, index): Step => ({ verb: "file", path, mode: "0644", text: `f${index}` })),
    { verb: "prune" },
    ...last,
  ];
  return { steps, texts: { ...texts, record: wanted } };
}

asRoot("a change that does not succeed (needs root: a mount namespace)", () => {
  let place: Place;
  beforeEach(async () => {
    place = new Place();
    await place.shell(`mkdir -p /etc/systemd/network /etc/systemd/system /etc/other
      echo foreign >/etc/systemd/network/a; chmod 0640 /etc/systemd/network/a; chown 7:8 /etc/systemd/network/a
      ln -s /etc/other /etc/systemd/network/b; echo precious >/etc/other/x`);
  });
  afterEach(() => place.remove());

  /** Content, mode, owner and time of everything, but of our own script, which every change brings along. */
  const manifest = async (): Promise<string> =>
    (
      await place.shell(`cd /; find etc/systemd etc/other etc/pulumi-nspawn var/lib/pulumi-nspawn \\
        ! -path var/lib/pulumi-nspawn/script ! -path '*/owners' ! -path '*/transactions' ! -path var/lib/pulumi-nspawn ! -path '*.wants' ! -name '*guard*' \\
        ! -type d -printf '%p %y %l %m %U:%G %T@\\n' -type f -exec sha256sum {} \\; -o -type d -printf '%p %m %U:%G\\n' 2>/dev/null | sort`)
    ).output;
  const apply = (files: Record<string, string>, last: Step[] = [{ verb: "commit" }]) => {
    const { steps, texts } = change(files, last);
    return place.run(steps, texts);
  };

  it("leaves content, mode, owner, time, links and absence as they were", async () => {
    const before = await manifest();
    const files = {
      "/etc/systemd/network/a": "x\n",
      "/etc/systemd/network/b": "y\n",
      "/etc/systemd/network/new/c": "z\n",
    };
    const report = await apply(files, [broken]);
    expect(report.failure?.message).toContain("the host is as it was before");
    expect(report.rolledBack).toBe(true);
    expect(await manifest()).toBe(before);
    expect((await place.shell("ls -A /var/lib /etc/systemd/system")).output).not.toContain("pulumi-nspawn");
  });

  it("gives back what belonged to another owner", async () => {
    expect((await apply({ "/etc/systemd/network/a": "ours\n" })).failure).toBeUndefined();
    const before = await manifest();
    const { steps, texts } = change({ "/etc/systemd/network/a": "theirs\n" }, [broken]);
    const other = steps.map((step): Step => ("key" in step ? { ...step, key: "k2" } : step));
    const report = await place.run(other, { ...texts, record: (texts.record ?? "").replace(owner, "q/t/bridge/br0") });
    expect(report.rolledBack).toBe(true);
    expect(await manifest()).toBe(before);
  });

  it("is put back by the guard after a power cut at any step", async () => {
    expect(
      (await apply({ "/etc/systemd/network/a": "one\n", "/etc/systemd/network/d": "old\n" })).failure,
    ).toBeUndefined();
    const before = await manifest();
    const { steps, texts } = change({ "/etc/systemd/network/a": "two\n", "/etc/systemd/network/e/f": "new\n" }, []);
    // The first two only take locks; from the third on a transaction is open or about to be.
    for (let last = 3; last <= steps.length; last += 1) {
      const at = place.at("/run/cut");
      mkdirSync(`${at}/texts`, { recursive: true });
      for (const [name, text] of Object.entries(texts)) writeFileSync(`${at}/texts/${name}`, text);
      const cut = `\nif [ "$count" = ${last} ]; then kill -9 $$; fi`;
      writeFileSync(
        `${at}/script`,
        hostProgram().replace('\n  done 3<"$DIR/steps"', (end) => cut + end),
      );
      writeFileSync(`${at}/call`, `issued ${Date.now()}\n`);
      writeFileSync(`${at}/fields`, encodeFields());
      writeFileSync(`${at}/steps`, encodeSteps(steps));
      await place.shell("sh /run/cut/script /run/cut >/dev/null 2>&1; rm -rf /run/cut");
      if (last > 4) expect([last, await manifest()]).not.toEqual([last, before]);
      const guard = await place.shell("sh /var/lib/pulumi-nspawn/script --boot 2>&1");
      expect([last, guard.code, await manifest()]).toEqual([last, 0, before]);
    }
  });

  it("refuses a program that was issued before the newest one", async () => {
    expect((await apply({ "/etc/systemd/network/d": "new\n" })).failure).toBeUndefined();
    const { steps, texts } = change({ "/etc/systemd/network/d": "stale\n" }, [{ verb: "commit" }]);
    const report = await place.run(steps, texts, Date.now() - 60_000);
    expect(report.failure).toMatchObject({ code: "NSPAWN_STALE" });
    expect((await place.shell("cat /etc/systemd/network/d")).output).toBe("new\n");
  });

  it("names who holds the host", async () => {
    const { steps, texts } = change({}, [{ verb: "commit" }]);
    const busy = place.shell(
      "mkdir -p /run/pulumi-nspawn-locks; exec 9<>/run/pulumi-nspawn-locks/host; flock 9; echo 'q/t/host/one, since noon' >/run/pulumi-nspawn-locks/host; sleep 8",
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const report = await place.run(steps, texts);
    expect(report.failure).toMatchObject({ code: "NSPAWN_BUSY" });
    expect(report.failure?.message).toContain("q/t/host/one, since noon");
    await busy;
  });

  it("is exact for 25 random changes after each other, half of which succeed", async () => {
    const path = fc.constantFrom(...["a", "b", "c", "d/e", "d/f", "g"].map((name) => `/etc/systemd/network/${name}`));
    const files = fc.dictionary(path, fc.string({ maxLength: 20 }), { maxKeys: 4 });
    const changes = fc.sample(fc.tuple(files, fc.boolean()), { numRuns: 25, seed: 20261121 });
    for (const [wanted, succeeds] of changes) {
      const before = await manifest();
      const { failure } = await apply(wanted, succeeds ? [{ verb: "commit" }] : [broken]);
      expect(failure === undefined).toBe(succeeds);
      const [path, text] = Object.entries(wanted)[0] ?? [];
      if (!succeeds) expect(await manifest()).toBe(before);
      else if (path !== undefined) expect((await place.shell(`cat ${path}`)).output).toBe(text);
    }
  });
});

/** A change that has kept the host's network, and gives the lock away for a while as it does for packages. */
const waiting = String.raw`
set -eu
${hostLibrary()}
${["network", "transparent", "filter"].map((noun) => hostFile(`steps/${noun}.sh`)).join("\n")}
mount -t tmpfs tmpfs /run; mount -t sysfs sysfs /sys
mkdir -p /run/dir /run/kept; DIR=/run/dir APPLY_UNIT=test; : >"$DIR/records"
fail() { echo "$1: $2"; exit 1; }
undo_dead() { :; }
ip link set lo up; ip link add eth0 type veth peer name far; ip link set far up; ip link set eth0 up
ip addr add 203.0.113.5/32 dev eth0; ip route add 198.51.100.0/24 dev eth0; nft add table inet theirs
step_lock
new=/run/kept; snapshot_net; : >/run/kept/links; keep_in /run/kept
step_unlock
ip link add br9 type bridge; nft add table inet others; nft delete table inet theirs; ip route del 198.51.100.0/24
`;

asRoot("a host's own change, while others change the host (needs root: a network namespace)", () => {
  const after = (text: string): string => {
    const spaces = ["--net", "--mount", "--propagation", "private"];
    const { stdout, stderr } = spawnSync("unshare", [...spaces, "sh", "-c", `${waiting}\n${text}`], {
      encoding: "utf8",
    });
    return stdout.trim() || stderr;
  };
  const look = `is_as_before && undo_nft; nft list tables; cat "$DIR/unlike"; ls /run/kept | tr '\\n' ' '`;

  it("takes nothing of theirs back", () => {
    expect(after(`step_lock; ip link add br0 type bridge; echo br0 >/run/kept/links; ip link del br0; ${look}`)).toBe(
      "table inet others\naddr clients links net nft route4 route6 settings",
    );
  });

  it("still takes its own back: what changed since it has the lock again is no other's", () => {
    expect(
      after(
        `step_lock; ip route add 198.51.100.0/24 dev eth0; nft add table inet ours; ${look}; undo_nft; nft list tables`,
      ),
    ).toMatch(
      /^table inet others\ntable inet ours\nnew: route4 198\.51\.100\.0\/24 dev eth0 .*\naddr [^\n]* settings table inet others$/,
    );
  });
});
