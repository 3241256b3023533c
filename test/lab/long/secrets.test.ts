import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiServer, type ApiServer } from "../api-server";
import { describeInLab } from "../available";
import { Lab, run, type Result } from "../harness";
import { Poller, type Polled, type Sighting } from "../poller";
import type { Spec } from "../spec";

const minutes = 60_000;

const passphrase = "canary-passphrase-of-the-host-51aa";
const jumpPassphrase = "canary-passphrase-of-the-jump-host-72bc";
const password = "canary-root-password-93de";

/** One line of a private key: enough to know it by, whole wherever the key is. */
const lineOf = (privateKey: string): string => privateKey.split("\n")[2] ?? "";

/**
 * Where the engine itself puts the stack's configuration, secrets too: the environment of the process that runs the
 * program. No other secret, and no other process.
 */
const isEnginesOwn = ({ secret, place, variable }: Sighting): boolean =>
  secret === "stack key" && place === "environ" && variable === "PULUMI_CONFIG";

/** Folders for what is temporary, and the library's own. */
const temporary = "/tmp /run /var/tmp /var/lib/pulumi-nspawn /dev/shm";

describeInLab("secrets in every argument that takes one", () => {
  const lab = new Lab("ssh-secrets");
  const stack = lab.stack("secrets");
  const file = (name: string): string => join(lab.directory, name);
  const text = (name: string): string => readFileSync(file(name), "utf8");
  let secrets: Record<string, string>;
  let servers: Record<"jump" | "inner" | "home", ApiServer>;
  let up: Result;
  let polled: Polled;

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.withoutAgent = true;
    const keyPairs = { jump: jumpPassphrase, inner: passphrase, home: "", path: "" };
    for (const [name, secret] of Object.entries(keyPairs))
      expect((await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", secret, "-f", file(name)])).code).toBe(0);
    servers = {
      jump: await apiServer(lab, "jump"),
      inner: await apiServer(lab, "inner"),
      home: await apiServer(lab, "home"),
    };
    for (const name of ["jump", "inner", "home"] as const)
      await lab.out(name, "sh", "-ec", 'printf %s "$1" >/root/.ssh/authorized_keys', "sh", text(`${name}.pub`));
    expect(await stack.pulumiWith(text("home"), "config", "set", "--secret", "nspawn:sshPrivateKey")).toMatchObject({
      code: 0,
    });
    secrets = {
      "host's key": lineOf(text("inner")),
      "host's passphrase": passphrase,
      "jump host's key": lineOf(text("jump")),
      "jump host's passphrase": jumpPassphrase,
      "root password": password,
      "stack key": lineOf(text("home")),
      control: "canary-of-the-control-e0e0",
    };
    for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThanOrEqual(20);
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  const at = ({ ipv4, hostKey }: ApiServer): { host: string; hostKey: string } => ({ host: ipv4, hostKey });
  const spec = (): Spec => ({
    sshKey: false,
    hosts: {
      inner: {
        ssh: {
          ...at(servers.inner),
          privateKeyFile: file("inner"),
          privateKeyPassword: passphrase,
          proxy: { ...at(servers.jump), privateKeyFile: file("jump"), privateKeyPassword: jumpPassphrase },
        },
      },
      home: { ssh: at(servers.home) },
    },
    bridges: { br0: { host: "home" } },
    machines: {
      web: { host: "home", bridge: "br0", addresses: [{ ipv6For: "web" }], rootPassword: password, onDelete: "delete" },
    },
  });

  test(
    "stand in no command line and no environment while all is made, but where the engine puts the stack's own",
    async () => {
      const poller = await Poller.start(secrets);
      // The control: short-lived, as a leak would be.
      const control = spawn("sh", ["-c", "sleep 0.5; : canary-of-the-control-e0e0"], {
        env: { ...process.env, CONTROL: "canary-of-the-control-e0e0" },
      });
      await once(control, "exit");
      stack.declare(spec());
      up = await stack.pulumi("up", "--yes", "--skip-preview", "--logtostderr", "-v=9");
      polled = await poller.stop();
      expect(up.code).toBe(0);
      const seen = polled.sightings.map(
        ({ secret, place, variable, command }) => `${secret} in ${place} ${variable} of ${command}`,
      );
      process.stderr.write(
        `poller: ${polled.rounds} rounds, ${polled.processes} processes\n${[...new Set(seen)].join("\n")}\n`,
      );
      const controls = polled.sightings.filter(({ secret }) => secret === "control");
      expect(new Set(controls.map(({ place }) => place))).toEqual(new Set(["cmdline", "environ"]));
      expect(polled.sightings.filter((one) => one.secret !== "control" && !isEnginesOwn(one))).toEqual([]);
      expect(polled.rounds).toBeGreaterThan(50);
    },
    20 * minutes,
  );

  /** Names of the secrets that stand in a text. */
  const within = (said: string): string[] => Object.keys(secrets).filter((name) => said.includes(secrets[name] ?? ""));

  test("stand neither in what the program printed, nor in Pulumi's log at -v=9", () => {
    expect(up.output.length).toBeGreaterThan(100_000);
    expect(within(up.stdout)).toEqual([]);
    expect(within(up.stderr)).toEqual([]);
  });

  test(
    "stand in the state encrypted, and nowhere else in the stack's files",
    async () => {
      const state = JSON.stringify(await stack.export());
      expect(within(state)).toEqual([]);
      expect(state).toContain('"credentials"');
      const all = await run(["grep", "-rlF", "-f", "-", join(lab.directory, "pulumi", "state")], {
        input: Object.values(secrets).join("\n"),
      });
      expect(all.stdout).toBe("");
    },
    20 * minutes,
  );

  test(
    "stand in no temporary folder and no journal, of the hosts and of the machine",
    async () => {
      // One that is there, to show that it would be found.
      await lab.sh(
        "home",
        "echo control; echo canary-of-the-control-e0e0 >/run/control; logger canary-of-the-control-e0e0",
      );
      const look = `
cat >"$1"; chmod 600 "$1"
grep -rlIF -f "$1" --exclude-dir=log ${temporary} 2>/dev/null | grep -v "^$1$" || true
for tree in /var/lib/machines/*; do [ -d "$tree" ] && grep -rlIF -f "$1" $tree/tmp $tree/run $tree/var/tmp $tree/var/log 2>/dev/null || true; done
journalctl --no-pager -o cat -D /run/log/journal -D /var/log/journal 2>/dev/null | grep -oF -f "$1" | sort -u
journalctl --no-pager -o cat | grep -oF -f "$1" | sort -u
for log in /var/log/auth.log /var/log/syslog; do [ -f "$log" ] && grep -oF -f "$1" "$log" | sort -u; done
rm "$1"`;
      const found = async (host: string): Promise<string[]> => {
        const { stdout } = await lab.exec(
          host,
          ["sh", "-c", look, "sh", "/var/cache/canaries"],
          Object.values(secrets).join("\n"),
        );
        return [...new Set(stdout.split("\n").filter((line) => line !== ""))];
      };
      for (const host of ["jump", "inner"]) expect([host, await found(host)]).toEqual([host, []]);
      expect(new Set(await found("home"))).toEqual(new Set(["/run/control", "canary-of-the-control-e0e0"]));
    },
    20 * minutes,
  );

  test(
    "stand in no error: with a wrong passphrase, and with a host that refuses the key",
    async () => {
      const wrong = spec();
      const { ssh } = wrong.hosts.inner ?? {};
      if (ssh?.proxy === undefined) throw new Error("the spec has no jump host");
      stack.declare({
        ...wrong,
        hosts: { ...wrong.hosts, inner: { ssh: { ...ssh, privateKeyPassword: jumpPassphrase }, packages: ["jq"] } },
      });
      const unusable = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(unusable.output).toMatch(/cannot be opened with the given privateKeyPassword.*NSPAWN_LOGIN/);
      expect(within(unusable.output)).toEqual([]);
      stack.declare({
        ...wrong,
        hosts: {
          ...wrong.hosts,
          inner: {
            ssh: { ...ssh, proxy: undefined, privateKeyFile: file("path"), privateKeyPassword: undefined },
            packages: ["jq"],
          },
        },
      });
      const refused = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(refused.output).toMatch(/refused the login of root with the given private key.*NSPAWN_LOGIN/);
      expect(within(refused.output)).toEqual([]);
    },
    20 * minutes,
  );
});
