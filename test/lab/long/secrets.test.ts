import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secretForms } from "../../../provider/handlers/secret-forms";
import { apiServer, type ApiServer } from "../api-server";
import { describeInLab } from "../available";
import { recordedIn } from "../engine-log";
import { Lab, run, type Result } from "../../support/harness";
import { Poller, type Sighting } from "../poller";
import type { Spec, SshSpec } from "../../support/spec";

const minutes = 60_000;

const passphrase = "canary-passphrase-of-the-host-51aa";
const jumpPassphrase = "canary-passphrase-of-the-jump-host-72bc";
const password = "canary-root-password-93de";
const userData = "canary-of-the-user-data-4f1b";
const control = "canary-of-the-control-e0e0";

/** One line of a private key: enough to know it by, whole wherever the key is. */
const lineOf = (privateKey: string): string => privateKey.split("\n")[2] ?? "";

/** What each private key in OpenSSH's form begins with. */
const anyPrivateKey = "b3BlbnNzaC1rZXktdjE";

/** Which processes the engine itself gives the stack's configuration, secrets too, in their environment. */
const configured: Record<string, RegExp> = {
  "stack key": /^\S*node \S+\/@pulumi\/pulumi\/cmd\/run\/index\.js /,
  "any private key": /^\S*node \S+\/@pulumi\/pulumi\/cmd\/run\/index\.js /,
  "cloud token": /^(\S*node \S+\/@pulumi\/pulumi\/cmd\/run\/index\.js |\S+\/pulumi-resource-hcloud [\d.:]+ $)/,
};
const isEnginesOwn = ({ secret, place, variable, command }: Sighting): boolean =>
  place === "environ" && variable === "PULUMI_CONFIG" && configured[secret]?.test(command) === true;

/** Of which properties Pulumi itself writes a secret into its log at -v=9; see engine-log.ts. */
const ofConnection = ["value", "credentials", "proxy", "privateKey", "privateKeyPassword", "answer"];
const records: Record<string, string[]> = {
  "host's key": ofConnection,
  "host's passphrase": ofConnection,
  "jump host's key": ofConnection,
  "jump host's passphrase": ofConnection,
  "root password": ["value"],
  "hash of the root password": [
    ...["value", "rootPassword", "secretFiles", "/var/lib/machines/web/etc/shadow#root", "answer"],
  ],
  "stack key": ["value"],
  "cloud token": ["value"],
  "user data": ["value", "userData"],
  "boot host key": ["value", "userData", "bootPrivateKey", "answer"],
  "own host key": ["value", "rotation", "privateKey", "answer"],
};

/** Where the lab puts its token: on the way to `pulumi`, which is started without it. */
const isLabsOwn = ({ secret, place, variable, command }: Sighting): boolean =>
  secret === "cloud token" &&
  place === "environ" &&
  variable === "HCLOUD_TOKEN" &&
  /^(env --(ignore-signal|default-signal|chdir)=|nsenter --target=|sh -c cd )/.test(command);

/**
 * Says in which temporary files and in the library's own below $1, and as which lines of logs, the texts of its input stand.
 * cloud-init keeps user data where it likes, for root: what that is is looked at by itself.
 */
const look = `
cd "$1"
umask 077; mkdir -p /var/cache/canaries; cat >/var/cache/canaries/all
grep -rlF -f /var/cache/canaries/all --exclude-dir=log --exclude-dir=cloud-init tmp run var/tmp var/lib/pulumi-nspawn dev/shm 2>/dev/null | sed 's|^|/|'
for place in run/log/journal var/log/journal; do
  [ ! -d $place ] || journalctl -q --no-pager -o cat -D $place | grep -oF -f /var/cache/canaries/all
done | sort -u
find var/log -type f ! -name '*.journal' -exec grep -ohF -f /var/cache/canaries/all {} + | sort -u
rm -r /var/cache/canaries`;

const linesOf = async (ran: Promise<Result>): Promise<string[]> => {
  const { stdout } = await ran;
  return [...new Set(stdout.split("\n").filter((line) => line !== ""))].sort();
};

describeInLab("secrets in every argument that takes one", () => {
  const lab = new Lab("ssh-secrets");
  const stack = lab.stack("secrets");
  const file = (name: string): string => join(lab.directory, name);
  const text = (name: string): string => readFileSync(file(name), "utf8");
  let secrets: Record<string, string>;
  let servers: Record<"jump" | "inner" | "home", ApiServer>;
  let up: Result;

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.without = ["SSH_AUTH_SOCK", "HCLOUD_TOKEN"];
    mkdirSync((stack.temporary = file("tmp")));
    const keyPairs = { jump: jumpPassphrase, inner: passphrase, home: "", path: "" };
    for (const [name, secret] of Object.entries({ inner: passphrase, jump: jumpPassphrase, web: password }))
      writeFileSync(file(`${name}.secret`), `${secret}\n`, { mode: 0o600 });
    for (const [name, secret] of Object.entries(keyPairs))
      expect((await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", secret, "-f", file(name)])).code).toBe(0);
    servers = {
      jump: await apiServer(lab, "jump"),
      inner: await apiServer(lab, "inner"),
      home: await apiServer(lab, "home"),
    };
    for (const name of ["jump", "inner", "home"] as const)
      await lab.out(name, "sh", "-ec", 'printf %s "$1" >/root/.ssh/authorized_keys', "sh", text(`${name}.pub`));
    await lab.api("POST", "/ssh_keys", { name: "path", public_key: text("path.pub").trim() });
    const token = (await lab.env()).HCLOUD_TOKEN;
    for (const [key, value] of Object.entries({ "nspawn:sshPrivateKey": text("home"), "hcloud:token": token }))
      expect(await stack.pulumiWith(value, "config", "set", "--secret", key)).toMatchObject({ code: 0 });
    secrets = {
      "host's key": lineOf(text("inner")),
      "host's passphrase": passphrase,
      "jump host's key": lineOf(text("jump")),
      "jump host's passphrase": jumpPassphrase,
      "root password": password,
      "stack key": lineOf(text("home")),
      "key in a file": lineOf(text("path")),
      "cloud token": token,
      "user data": userData,
      control,
    };
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  const at = ({ ipv4, hostKey }: ApiServer): { host: string; hostKey: string } => ({ host: ipv4, hostKey });
  const spec = (): Spec => ({
    sshKey: false,
    plainSecrets: true,
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
      made: {
        server: { sshKeys: ["path"], userData: `#!/bin/sh\n: ${userData}\n` },
        ssh: { keyPath: file("path") },
      },
    },
    bridges: { br0: { host: "home" } },
    machines: {
      web: { host: "home", bridge: "br0", addresses: [{ ipv6For: "web" }], rootPassword: password, onDelete: "delete" },
    },
  });

  /** The same without what Hetzner's plugin makes, each secret in a file of its own. */
  const specOfFiles = (): Spec => {
    const login = (name: "jump" | "inner" | "home"): SshSpec => ({ ...at(servers[name]), keyPath: file(name) });
    const locked = (name: "jump" | "inner"): SshSpec => ({
      ...login(name),
      privateKeyPasswordFile: file(`${name}.secret`),
    });
    const { web } = spec().machines ?? {};
    if (web === undefined) throw new Error("the spec has no machine");
    return {
      sshKey: false,
      hosts: { inner: { ssh: { ...locked("inner"), proxy: locked("jump") } }, home: { ssh: login("home") } },
      bridges: { br0: { host: "home" } },
      machines: { web: { ...web, rootPassword: undefined, rootPasswordFile: file("web.secret") } },
    };
  };

  /** Processes that do what must not be done, one as long as a sleep, many as short as can be. */
  async function leak(): Promise<void> {
    const env = { ...process.env, CONTROL: control };
    const short = `for i in $(seq 50); do env -i sh -c ': ${control}'; done`;
    await once(spawn("sh", ["-c", `sleep 0.5; : ${control}`], { env }), "exit");
    await lab.sh("home", short);
  }

  /** Secrets that the library itself made meanwhile. */
  async function made(): Promise<Record<string, string>> {
    const { deployment } = await stack.export("--show-secrets");
    const keys = deployment.resources?.find(({ type }) => type.endsWith("/nspawn:HostKey"))?.outputs ?? {};
    const privateKey = (name: string): string => lineOf(JSON.parse(keys[name].plaintext) as string);
    const shadow = await lab.sh("home", "grep ^root: /var/lib/machines/web/etc/shadow");
    return {
      ...{ "boot host key": privateKey("bootPrivateKey"), "own host key": privateKey("privateKey") },
      "hash of the root password": shadow.split(":")[1] ?? "",
    };
  }

  test(
    "stand nowhere at all when they are given in files: no command line, no environment, no line of the log at -v=9, no state",
    async () => {
      const { "cloud token": _, "user data": __, control: ___, ...given } = secrets;
      const forms = Object.entries(given).map(([name, secret]) => [name, secretForms(secret)] as const);
      const files = lab.stack("files");
      await files.init();
      files.without = ["SSH_AUTH_SOCK", "HCLOUD_TOKEN"];
      files.declare(specOfFiles());
      const poller = await Poller.start({ ...Object.fromEntries(forms), "any private key": [anyPrivateKey] });
      const verbose = ["--logtostderr", "-v=9"];
      const made = await files.pulumi("up", "--yes", "--skip-preview", ...verbose);
      const shadow = await lab.sh("home", "grep ^root: /var/lib/machines/web/etc/shadow");
      const state = JSON.stringify(await files.export("--show-secrets"));
      const looked = await files.pulumi("preview", "--refresh", "--diff", "--expect-no-changes", ...verbose);
      const taken = await files.pulumi("destroy", "--yes", "--skip-preview", ...verbose);
      const { rounds, execs } = await poller.stop();
      expect([made.code, looked.code, taken.code]).toEqual([0, 0, 0]);
      expect([...rounds.sightings, ...execs.sightings]).toEqual([]);
      expect(rounds.looks).toBeGreaterThan(50);
      const logs = [made, looked, taken].map(({ output }) => output);
      for (const text of [...logs, state])
        expect(forms.flatMap(([name, all]) => (all.some((form) => text.includes(form)) ? [name] : []))).toEqual([]);
      // The log would show it: what the library made of the password stands there, as each property does.
      expect(logs[0]).toContain(shadow.split(":")[1]);
      expect(state).toContain(file("web.secret").replace("web", "inner"));
    },
    20 * minutes,
  );

  test(
    "stand in no command line and no environment while all is made, but where the engine puts the stack's own",
    async () => {
      const forms = Object.entries(secrets).map(([name, secret]) => [name, secretForms(secret)]);
      const poller = await Poller.start({ ...Object.fromEntries(forms), "any private key": [anyPrivateKey] });
      await leak();
      stack.declare(spec());
      up = await stack.pulumi("up", "--yes", "--skip-preview", "--logtostderr", "-v=9");
      const { rounds, execs } = await poller.stop();
      Object.assign(secrets, await made());
      for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThanOrEqual(20);
      const sightings = [...rounds.sightings, ...execs.sightings];
      const seen = sightings.map(
        ({ secret, place, variable, command }) => `${secret} in ${place} ${variable} of ${command}`,
      );
      const controls = sightings.filter(({ secret }) => secret === "control");
      const short = (all: Sighting[]): number => all.filter(({ command }) => command === `sh -c : ${control} `).length;
      process.stderr.write(
        `${rounds.looks} rounds over all of ${rounds.processes} processes, in which ${short(rounds.sightings)} of 50 short controls were seen; ` +
          `${execs.looks} programs as they began, with ${short(execs.sightings)} of 50\n${[...new Set(seen)].join("\n")}\n`,
      );
      expect(up.code).toBe(0);
      expect(new Set(controls.map(({ place }) => place))).toEqual(new Set(["cmdline", "environ"]));
      expect(short(controls)).toBeGreaterThan(0);
      expect(sightings.filter((one) => one.secret !== "control" && !isEnginesOwn(one) && !isLabsOwn(one))).toEqual([]);
      expect(rounds.looks).toBeGreaterThan(50);
    },
    20 * minutes,
  );

  /** Names of the secrets that stand in a text, in whatever form. */
  const within = (said: string): string[] =>
    Object.keys(secrets).filter((name) => secretForms(secrets[name] ?? "").some((form) => said.includes(form)));

  test("stand neither in what the program printed, nor in Pulumi's log at -v=9 but where it writes its own properties", () => {
    expect(up.output.length).toBeGreaterThan(100_000);
    expect(within(up.stdout)).toEqual([]);
    const lines = up.stderr.split("\n");
    const shown = lines.flatMap((line) => within(line).map((secret) => ({ secret, record: recordedIn(line) ?? line })));
    expect(shown.filter(({ secret, record }) => !records[secret]?.includes(record))).toEqual([]);
  });

  test(
    "stand in the state encrypted, and nowhere else in the stack's files",
    async () => {
      const state = JSON.stringify(await stack.export());
      expect(within(state)).toEqual([]);
      expect(state).toContain('"credentials"');
      const all = await run(["grep", "-rlF", "-f", "-", join(lab.directory, "pulumi", "state")], {
        input: Object.values(secrets).flatMap(secretForms).join("\n"),
      });
      expect(all.stdout).toBe("");
    },
    20 * minutes,
  );

  test(
    "stand in no temporary folder and no journal, of the hosts, of the machine and of Pulumi",
    async () => {
      const forms = Object.values(secrets).flatMap(secretForms).join("\n");
      for (const host of ["jump", "inner", "made", "home"]) {
        // One that is there, to show that it would be found.
        await lab.sh(host, `echo ${control} >/run/control; logger ${control}`);
        expect([host, await linesOf(lab.exec(host, ["sh", "-c", look, "sh", "/"], forms))]).toEqual([
          host,
          ["/run/control", control],
        ]);
      }
      const leader = (await lab.sh("home", "machinectl show web -p Leader --value")).trim();
      const root = `/proc/${leader}/root`;
      await lab.sh("home", `echo ${control} >${root}/run/control; nsenter -t ${leader} -a logger ${control}`);
      expect(await linesOf(lab.exec("home", ["sh", "-c", look, "sh", root], forms))).toEqual(["/run/control", control]);
      writeFileSync(join(stack.temporary, "control"), control);
      expect(await linesOf(run(["grep", "-rlF", "-f", "-", stack.temporary], { input: forms }))).toEqual([
        join(stack.temporary, "control"),
      ]);
    },
    20 * minutes,
  );

  test(
    "stand on a new server, where cloud-init keeps user data, as far as they were in it: none that is still of use",
    async () => {
      const kept = await lab.sh("made", "cat /run/cloud-init/*.json; find /var/lib/cloud -type f -exec cat {} +");
      expect(within(kept).sort()).toEqual(["boot host key", "user data"]);
      const open = "find /run/cloud-init /var/lib/cloud -type f -perm /044 -exec grep -lF -f - {} +";
      const forms = secretForms(secrets["boot host key"] ?? "").join("\n");
      expect((await lab.exec("made", ["sh", "-c", open], forms)).stdout).toBe("");
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
