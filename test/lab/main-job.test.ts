/* eslint max-lines: ["error", 610] -- one lab and one story: each test begins where the one before it ended */
import { copyFileSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { holds, type FamilyProof } from "../../tools/proofs/family";
import { describeInLab } from "./available";
import { programFolder, removeAll } from "../contract/installed";
import { walked } from "../documents/walk";
import { Lab, root, run, type State, type StateResource } from "../support/harness";
import { captured, clientAddress, pings, pingsWithin, prove, runOf } from "./reach";
import { Reader, unknownFlags } from "./readers";
import type { Spec } from "../support/spec";
import { describeWayIn } from "./way-in";

const minutes = 60_000;
const canary = "canary-root-password-5d1f";

/** What stacks/ has, which `npm start` made, and more: the same resources, so this goes on with that stack. */
const spec: Spec = {
  // As in stacks/index.ts, whose stack it goes on with, whatever the release of this run is.
  release: { image: "debian-13", suite: "trixie" },
  hosts: { "host-1": { server: {} } },
  bridges: { br0: { host: "host-1" } },
  ips: { "web-ipv4": { type: "ipv4", host: "host-1" }, "web-ipv6": { type: "ipv6", host: "host-1" } },
  machines: {
    web: {
      host: "host-1",
      bridge: "br0",
      addresses: [{ ip: "web-ipv4" }, { ip: "web-ipv6", name: "web" }, { ipv6For: "web" }],
      rootPassword: canary,
    },
  },
};

const ours = (resource: StateResource) => resource.type.startsWith("pulumi-nodejs:dynamic/nspawn:");

describeInLab("the main job, end to end", () => {
  const lab = new Lab("e2e");
  const reader = new Reader(lab);
  const stack = lab.stack("lab");
  let ipv4 = "";
  let ipv6 = "";

  const answers = async (seconds: number) => {
    expect(await pingsWithin(lab, ipv4, seconds)).toBeGreaterThanOrEqual(0);
    expect(await pingsWithin(lab, ipv6, seconds)).toBeGreaterThanOrEqual(0);
  };

  /** On the host in a unit of its own: what configures the uplink stays behind, would hold our output open, and lives on. */
  const apart = (text: string): Promise<string> =>
    lab.out("host-1", "systemd-run", "-q", "--wait", "-p", "KillMode=process", "sh", "-c", text);

  beforeAll(() => lab.down(), 2 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "npm start makes a server, addresses, a bridge and a machine, and proves that it is reached and seen by its own",
    async () => {
      const { code, output, stdout } = await reader.types("npm start -- --json");
      if (code !== 0) throw new Error(output);
      // Progress stands on the resource's own row, and nothing of it stays in the diagnostics.
      expect(stdout).toMatch(/nspawn:NspawnMachine web creating \(\d+s\) cloning the image/);
      expect(stdout.split("Diagnostics:")[1] ?? "").not.toContain("cloning the image");
      const proofs = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<"ipv4" | "ipv6", FamilyProof>;
      for (const family of ["ipv4", "ipv6"] as const) {
        const own = clientAddress[family];
        expect(proofs[family]).toEqual({
          address: expect.stringMatching(family === "ipv4" ? /^198\.51\.100\.\d+$/ : /^2001:db8:/) as string,
          pingFromClient: true,
          tcpFromClient: true,
          sourceSeenByMachine: own,
          clientAddress: own,
          sourceSeenByClient: proofs[family].address,
        });
      }
      [ipv4, ipv6] = [proofs.ipv4.address, proofs.ipv6.address];
    },
    25 * minutes,
  );

  describe("every command of README.md and docs", () => {
    test.each(Object.entries(walked))(
      "%s",
      async (text, step) => {
        for (const result of await reader.walks(text, step, [ipv4, ipv6])) {
          expect(result.output).toMatch(step.says);
          expect(result.code).toBe(step.code ?? 0);
        }
      },
      3 * minutes,
    );

    test("leaves no key of a lab's machine with the user's own known hosts", async () => {
      for (const address of [ipv4, ipv6]) {
        expect(
          (await lab.exec("client", ["ssh-keygen", "-F", address, "-f", join(homedir(), ".ssh/known_hosts")])).stdout,
        ).toBe("");
      }
    });

    test(
      "has flags that what it starts knows",
      async () => {
        expect(await unknownFlags(lab)).toEqual([]);
      },
      3 * minutes,
    );
  });

  describe("what the command says of the real state", () => {
    const looks = ["ls", "doctor", "doctor web", "lab status"].flatMap((text) => [text, `${text} --json`]);

    test.each([...looks, "lab env", "lab env --json"])(
      "%s leaves no value out",
      async (text) => {
        const { code, output, stdout } = await reader.types(`npx pulumi-nspawn ${text}`);
        expect(output).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
        if (text.endsWith("--json")) expect(JSON.parse(stdout)).toBeInstanceOf(Object);
        expect(code).toBe(0);
      },
      2 * minutes,
    );

    test(
      "has every hop in order, in the order of docs/cli.md",
      async () => {
        const { stdout } = await reader.types("npx pulumi-nspawn doctor --json");
        const { machines } = JSON.parse(stdout) as {
          machines: { ok: boolean; hops: { hop: string; ok: boolean }[] }[];
        };
        expect(machines.map(({ ok }) => ok)).toEqual([true]);
        const hops = machines.flatMap((machine) => machine.hops);
        expect(hops.filter(({ ok }) => !ok)).toEqual([]);
        const page = readFileSync(join(root, "docs", "cli.md"), "utf8").split("| hop |")[1] ?? "";
        const documented = [...page.matchAll(/^\| `([a-z' ]+)` \|/gm)].map(([, hop]) => hop);
        // Those of networks of other kinds: test/lab/long/vxlan.test.ts, mesh.test.ts, openstack-bridges.test.ts.
        const elsewhere = ["tunnel", "wireguard", "wireguard peer", "underlay", "macvlan"];
        expect(documented).toEqual(expect.arrayContaining(elsewhere));
        const here = documented.filter((hop) => !elsewhere.includes(hop ?? ""));
        expect([...new Set(hops.map(({ hop }) => hop))]).toEqual(here);
      },
      2 * minutes,
    );
  });

  describeWayIn(lab, reader);

  test(
    "the package alone says it as well, from an empty folder, and has the lab in it",
    async () => {
      const folder = programFolder("installed");
      const main = join(folder, "node_modules", "pulumi-nspawn", "bin", "cli", "main.js");
      for (const words of ["lab up", "lab status", "ls", "doctor"]) {
        const name = words.startsWith("lab ") ? "--name" : "--lab";
        const { code, output } = await run([process.execPath, main, ...words.split(" "), name, lab.name], {
          cwd: folder,
        });
        expect([words, code, code === 0 ? "" : output]).toEqual([words, 0, ""]);
        if (words === "ls") expect(output).toMatch(new RegExp(`web .*${ipv4}`));
      }
      removeAll();
    },
    3 * minutes,
  );

  test(
    "the smallest program of README.md is what the engine would make",
    async () => {
      const example = join(root, "examples", "first-machine");
      const preview = `pulumi stack init first
        pulumi config set publicKey "$(cat $NSPAWN_PUBLIC_KEY_FILE)"
        pulumi preview --non-interactive
        pulumi stack rm first --yes`;
      const shown = await lab.out(
        "operator",
        "env",
        "--unset=PULUMI_STACK",
        `--chdir=${example}`,
        "sh",
        "-ec",
        preview,
      );
      expect(shown).toMatch(/nspawn:index:NspawnMachine +web +create[^]*\+ \d+ to create/);
    },
    2 * minutes,
  );

  describe("the doctor", () => {
    /** What is broken by a shell text on the host, and mended again. */
    const brokenBy = async (text: string, mend: string): Promise<string[]> => {
      await lab.sh("host-1", text);
      try {
        const { stdout } = await reader.types("npx pulumi-nspawn doctor web --json");
        const { machines } = JSON.parse(stdout) as {
          machines: { hops: { hop: string; subject: string; ok: boolean }[] }[];
        };
        return machines
          .flatMap(({ hops }) => hops.filter(({ ok }) => ok === false))
          .map(({ hop, subject }) => `${hop} ${subject}`);
      } finally {
        await lab.sh("host-1", mend);
      }
    };
    const guest = "nsenter -t $(machinectl show web -p Leader --value) -n";
    const drop = (family: string) =>
      `${guest} nft 'table ${family} mine { chain input { type filter hook input priority 0; policy drop; }; }'`;

    test.each<[string, string, string, () => string[]]>([
      ["a filter that was flushed", "nft flush ruleset", "sh /etc/pulumi-nspawn/filter/br0.sh load", () => ["filter pulumi-nspawn-br0"]],
      [
        "a rule that blackholes IPv4",
        "ip rule add pref 100 from all iif br0 blackhole",
        "ip rule del pref 100",
        () => [`route out ${ipv4}`],
      ],
      [
        "a rule that blackholes IPv6, as it comes in",
        "ip -6 rule add pref 100 from all iif eth0 prohibit",
        "ip -6 rule del pref 100",
        () => [`route ${ipv6}`],
      ],
      [
        "a guest's own firewall",
        drop("inet"),
        `${guest} nft delete table inet mine`,
        () => ["guest firewall ipv4", "guest firewall ipv6"],
      ],
      ["one of IPv6 alone", drop("ip6"), `${guest} nft delete table ip6 mine`, () => ["guest firewall ipv6"]],
    ])("names the one hop of %s", async (_, broken, mended, hops) => {
      expect(await brokenBy(broken, mended)).toEqual(hops());
    }, 2 * minutes); // prettier-ignore
  });

  test(
    "a program with more goes on with the same machine",
    async () => {
      copyFileSync(
        join(root, "stacks", "Pulumi.lab.yaml"),
        join(root, "test", "support", "program", "Pulumi.lab.yaml"),
      );
      const before = await lab.out("host-1", "stat", "-c", "%w", "/var/lib/machines/web");
      const shown = await stack.up(spec);
      expect(shown).not.toMatch(/replaced|to delete/);
      expect(await lab.out("host-1", "stat", "-c", "%w", "/var/lib/machines/web")).toBe(before);
      expect((await stack.outputs()).machines.web).toEqual({ ipv4, ipv6 });
      await answers(20);
    },
    5 * minutes,
  );

  test.each(["ipv4", "ipv6"] as const)(
    "is not translated on the wire (%s)",
    async (family) => {
      const address = family === "ipv4" ? ipv4 : ipv6;
      const own = clientAddress[family];
      const filter = family === "ipv4" ? "icmp" : "icmp6 and (ip6[40] == 128 or ip6[40] == 129)";
      const seen: Record<string, string> = {};
      await Promise.all(
        ["router", "client"].map(async (place) => {
          seen[place] = await captured(lab, place, filter, () => pings(lab, address));
        }),
      );
      for (const place of ["router", "client"]) {
        expect(seen[place]).toContain(`${own} > ${address}: `);
        expect(seen[place]).toContain(`${address} > ${own}: `);
      }
    },
    1 * minutes,
  );

  test(
    "says in its outputs what the client sees: the machine's own addresses, by which nobody else stands",
    async () => {
      const { reachability } = await stack.outputs();
      const hops = ["eth0", "br0", "vb-web", "host0"];
      const ways = await Promise.all(
        ([["ipv4", ipv4], ["ipv6", ipv6]] as const).map(async ([family, address]) => {
          const { sourceSeenByClient } = await prove(lab, address, clientAddress[family]);
          return { interface: "host0", family, address, outcome: "reached", sourceSeenByPeer: sourceSeenByClient, natted: false, hops };
        }),
      ); // prettier-ignore
      expect(reachability.web).toEqual(
        ways.map((way, index) => {
          const { peer } = reachability.web?.[index] ?? {};
          return { ...way, peer: expect.stringMatching(/^[0-9a-f.:]+$/) as string, sourceSeenByMachine: peer };
        }),
      );
      // A refresh looks at the host, tries nothing, and finds the same.
      await stack.pulumi("refresh", "--yes", "--skip-preview");
      expect((await stack.outputs()).reachability).toEqual(reachability);
    },
    2 * minutes,
  );

  test(
    "answers at an address of the host's own prefix as well",
    async () => {
      const state = await stack.export();
      const machine = state.deployment.resources?.find(
        ({ type }) => type.endsWith("nspawn:NspawnMachine") && type.startsWith("pulumi-nodejs"),
      );
      const addresses = machine?.inputs?.networks[0].addresses.map(
        ({ address }: { address: string }) => address,
      ) as string[];
      expect(addresses).toHaveLength(3);
      expect(await pingsWithin(lab, addresses[2] ?? "", 10)).toBeGreaterThanOrEqual(0);
    },
    1 * minutes,
  );

  test(
    "sees nothing to do",
    async () => {
      const preview = await stack.pulumi("preview", "--expect-no-changes");
      expect(preview.output).not.toContain("error");
      expect(preview.code).toBe(0);
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    3 * minutes,
  );

  test(
    "keeps no plain secret in state, and a machine within its bound",
    async () => {
      for (const refresh of [false, true]) {
        if (refresh) expect((await stack.pulumi("refresh", "--yes", "--skip-preview")).code).toBe(0);
        const state = await stack.export();
        const text = JSON.stringify(state);
        expect(text).not.toContain(canary);
        expect(text).not.toContain("PRIVATE KEY");
        expect(text).not.toContain("$6$");
        expect(text).not.toContain((await lab.env()).HCLOUD_TOKEN);
        // 4 kB is for a machine with an address of each family; this one has a third, with its lines in four places. What
        // `reachability` says has a line for each family.
        expect(bytes(machineOf(state, "web"))).toBeLessThanOrEqual(4096 + 512 + 256);
      }
    },
    3 * minutes,
  );

  test(
    "shows each hand edit as a line, and repairs it",
    async () => {
      const resources = (await stack.export()).deployment.resources?.filter(ours) ?? [];
      const paths = resources.flatMap(({ inputs }) => Object.keys(inputs?.files ?? {}));
      expect(paths.length).toBeGreaterThanOrEqual(12);
      for (const path of paths) await lab.sh("host-1", `printf '# edited by hand\\n' >> '${path}'`);
      await lab.sh("host-1", `ip route del ${ipv4}/32 dev br0; ip -6 route del ${ipv6}/128 dev br0`);
      await lab.sh("host-1", `ip neigh del proxy ${ipv4} dev eth0; ip -6 neigh del proxy ${ipv6} dev eth0`);
      const drift = await stack.drift();
      expect(drift.code).toBe(7);
      for (const path of paths) expect(drift.output).toContain(path);
      expect(drift.output.match(/- # edited by hand/g)).toHaveLength(paths.length);
      for (const fact of [
        `${ipv4}/32 dev br0`,
        `${ipv6}/128 dev br0`,
        `${ipv4} on the uplink`,
        `${ipv6} on the uplink`,
      ]) {
        expect(drift.output).toContain(fact);
      }
      await stack.up(spec, "--refresh");
      for (const path of paths)
        expect(await lab.sh("host-1", `grep -c 'edited by hand' '${path}' || true`)).toBe("0\n");
      expect((await stack.drift()).code).toBe(0);
      await answers(20);
    },
    5 * minutes,
  );

  test(
    "comes back after a restart of the machine",
    async () => {
      await lab.out("host-1", "systemctl", "restart", "systemd-nspawn@web.service");
      await answers(30);
    },
    2 * minutes,
  );

  test(
    "comes back after ifdown and ifup of the uplink",
    async () => {
      await apart("ifdown --force eth0; ifup --force eth0");
      await answers(20);
    },
    2 * minutes,
  );

  test(
    "comes back after the lease ran out and was given again",
    async () => {
      const expire = "ip -4 addr flush dev eth0; ip -4 neigh show proxy | grep -q . && exit 1";
      // The one of Debian 12 has to be asked; that of Debian 13 sees that its address is gone.
      const renew = "dhclient -1 -pf /run/dhclient.eth0.pid -lf /var/lib/dhcp/dhclient.eth0.leases eth0";
      const ask = `! command -v dhclient || ${renew}`;
      await apart(`${expire}; ${ask}`);
      await answers(20);
    },
    2 * minutes,
  );

  test(
    "comes back after a reboot of the host, with nothing drifted",
    async () => {
      await lab.exec("host-1", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answers(60);
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    4 * minutes,
  );

  test(
    "changes an argument in place",
    async () => {
      const changed = withMachine("web", { ...spec.machines!.web!, hostname: "other-name" });
      stack.declare(changed);
      const preview = await stack.pulumi("preview", "--diff");
      expect(preview.output).toContain("+ other-name");
      expect(preview.output).not.toContain("replace");
      await stack.up(changed);
      expect(await lab.sh("host-1", "systemd-run -q -M web --pipe --wait hostname")).toBe("other-name\n");
      await stack.up(spec);
      await answers(20);
    },
    4 * minutes,
  );

  test(
    "adds a second machine without touching the first",
    async () => {
      const before = await runOf(lab, "host-1", "web");
      const second = { host: "host-1", bridge: "br0", addresses: [{ ipv6For: "db" }] };
      const both = withMachine("db", second);
      stack.declare(both);
      const preview = await stack.pulumi("preview");
      expect(preview.output).toMatch(/\+ 2 to create/);
      expect(preview.output).not.toMatch(/to update|to replace/);
      await stack.up(both);
      const db = (await stack.outputs()).machines.db?.ipv6 ?? "";
      const whole = machineOf(await stack.export(), "db");
      expect(JSON.stringify(whole.inputs).length + JSON.stringify(whole.outputs).length).toBeLessThanOrEqual(4096);
      expect(await pingsWithin(lab, db, 10)).toBeGreaterThanOrEqual(0);
      expect(await runOf(lab, "host-1", "web")).toBe(before);
      await stack.up(spec);
      expect(await runOf(lab, "host-1", "web")).toBe(before);
    },
    5 * minutes,
  );

  test(
    "changes the size of a bridge, its cables and its machines' own interfaces in place",
    async () => {
      const changed: Spec = { ...spec, bridges: { br0: { host: "host-1", mtu: 1400 } } };
      stack.declare(changed);
      const preview = await stack.pulumi("preview", "--diff");
      expect(preview.output).toContain("MTUBytes=1400");
      expect(preview.output).not.toContain("replace");
      await stack.up(changed);
      const guest = "nsenter -t $(machinectl show web -p Leader --value) -n ip -o link show dev host0";
      const sizes = `cat /sys/class/net/br0/mtu /sys/class/net/vb-web/mtu; ${guest} | sed 's/.* mtu \\([0-9]*\\) .*/\\1/'`;
      expect(await lab.sh("host-1", sizes)).toBe("1400\n1400\n1400\n");
      await answers(10);
      await stack.up(spec);
    },
    4 * minutes,
  );

  test(
    "repairs a start that failed, also after a refresh",
    async () => {
      const dropIn = "/etc/systemd/system/systemd-nspawn@sick.service.d/00-broken.conf";
      await lab.sh(
        "host-1",
        `mkdir -p $(dirname '${dropIn}'); printf '[Service]\\nExecStartPre=/bin/false\\n' > '${dropIn}'; systemctl daemon-reload`,
      );
      const sick = withMachine("sick", { host: "host-1", bridge: "br0", addresses: [{ ipv6For: "sick" }] });
      stack.declare(sick);
      const failed = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(failed.code).not.toBe(0);
      expect(failed.output).toContain("NSPAWN_NOT_READY");
      await lab.sh("host-1", `rm '${dropIn}'; systemctl daemon-reload`);
      expect((await stack.pulumi("refresh", "--yes", "--skip-preview")).code).toBe(0);
      const repaired = await stack.up(sick);
      expect(repaired).toMatch(/~ 1 updated|1 updated/);
      expect(await pingsWithin(lab, (await stack.outputs()).machines.sick?.ipv6 ?? "", 10)).toBeGreaterThanOrEqual(0);
      await stack.up(spec);
    },
    5 * minutes,
  );

  test(
    "fails where a machine that has to be reached is not, names the hop, and repairs it, also after a refresh",
    async () => {
      const chain = "add chain ip6 others f { type filter hook forward priority 0; policy drop; }";
      await lab.sh("host-1", `nft 'add table ip6 others; ${chain}'`);
      const machine = { host: "host-1", bridge: "br0", addresses: [{ ipv6For: "seen" }] };
      const demanding = withMachine("seen", { ...machine, readyWhen: { reachable: true } });
      stack.declare(demanding);
      const failed = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(failed.output.replace(/\s+/g, " ")).toMatch(
        /it stops at the hop others' filters \(dropped by table ip6 others, chain f \(policy drop\)\).*NSPAWN_NOT_READY/,
      );
      expect(failed.code).not.toBe(0);
      await lab.sh("host-1", "nft delete table ip6 others");
      expect((await stack.pulumi("refresh", "--yes", "--skip-preview")).code).toBe(0);
      expect(await stack.up(demanding)).toMatch(/1 updated/);
      expect((await stack.outputs()).reachability.seen).toMatchObject([{ outcome: "reached", natted: false }]);
      expect((await stack.drift()).code).toBe(0);
      await stack.up(spec);
    },
    6 * minutes,
  );

  test(
    "refuses an address whose host is not the machine's",
    async () => {
      const elsewhere = structuredClone(spec);
      elsewhere.hosts.h2 = { server: {} };
      elsewhere.ips!["web-ipv4"] = { type: "ipv4", host: "h2" };
      stack.declare(elsewhere);
      const preview = await stack.pulumi("preview");
      expect(preview.code).not.toBe(0);
      expect(preview.output).toContain("networks[0].addresses[0]");
      expect(preview.output).toMatch(/h2/);
    },
    2 * minutes,
  );

  test(
    "a machine that is stopped by declaration is in order for the doctor, and one that runs all the same is not",
    async () => {
      const stopped = withMachine("web", { ...spec.machines!.web!, running: false });
      await stack.up(stopped);
      const found = await reader.types("npx pulumi-nspawn doctor");
      expect(found.stdout).toMatch(/stopped, as the program has it; what is there without it is in order\n$/);
      expect(found.code).toBe(0);
      expect((await reader.types("npx pulumi-nspawn ls")).stdout).toMatch(/web.*stopped/);
      const { code, stderr } = await reader.types("npx pulumi-nspawn exec web -- true");
      expect([code, stderr]).toEqual([125, expect.stringMatching(/the machine web does not run .* logs --host web/)]);
      expect((await reader.types("npx pulumi-nspawn logs --host web")).stdout).toMatch(/web/);
    },
    4 * minutes,
  );

  test(
    "moves an address and its machine to a second host by one argument",
    async () => {
      const moved = (where: "host-1" | "h2"): Spec => ({
        ...spec,
        hosts: { "host-1": { server: {} }, h2: { server: {} } },
        bridges: { br0: { host: "host-1" }, "br0-h2": { host: "h2", bridge: "br0" } },
        ips: { "web-ipv4": { type: "ipv4", host: where }, "web-ipv6": { type: "ipv6", host: where } },
        machines: {
          web: {
            ...spec.machines!.web!,
            host: where,
            bridge: where === "host-1" ? "br0" : "br0-h2",
            addresses: [{ ip: "web-ipv4" }, { ip: "web-ipv6", name: "web" }],
          },
        },
      });
      await stack.up(moved("host-1"));
      await stack.up(moved("h2"));
      expect((await stack.outputs()).machines.web).toEqual({ ipv4, ipv6 });
      for (const family of ["ipv4", "ipv6"] as const) {
        expect(holds(await prove(lab, family === "ipv4" ? ipv4 : ipv6, clientAddress[family]))).toBe(true);
      }
      expect(await lab.sh("host-1", "ls /var/lib/machines; ip neigh show proxy; ip -6 neigh show proxy")).toBe("");
      expect(await lab.sh("h2", "ls /var/lib/machines")).toBe("web\n");
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );

  test(
    "destroys everything that it made at the provider",
    async () => {
      await stack.destroy();
      for (const kind of ["servers", "floating_ips", "ssh_keys", "primary_ips"]) {
        expect((await lab.api("GET", `/${kind}`))[kind]).toEqual([]);
      }
    },
    4 * minutes,
  );

  function withMachine(name: string, machine: NonNullable<Spec["machines"]>[string]): Spec {
    return { ...spec, machines: { ...spec.machines, [name]: machine } };
  }
});

function machineOf(state: State, name: string): StateResource {
  const found = state.deployment.resources?.find(({ urn }) => urn.endsWith(`dynamic/nspawn:NspawnMachine::${name}`));
  if (found === undefined) throw new Error(`no machine ${name} in the state`);
  return found;
}

/** Compact JSON of inputs and outputs; a secret counts by its place, because its encrypted form is the engine's. */
function bytes({ inputs, outputs }: StateResource): number {
  const elided = (_: string, value: any) => (value?.ciphertext === undefined ? value : "");
  return JSON.stringify(inputs, elided).length + JSON.stringify(outputs, elided).length;
}
