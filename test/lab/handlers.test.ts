import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeInLab } from "./available";
import { driver, type Answer, type Change, type Held, type Properties } from "../support/driver";
import { Lab, root, run } from "../support/harness";
import { debian } from "../support/debian";

jest.setTimeout(900_000);

describeInLab("the handlers on real hosts, without an engine", () => {
  const lab = new Lab(`handlers-${process.pid}`);
  const state = new Map<string, Held>();
  const hosts = new Map<string, { id: string; ipv4: string; hostKey: string; floating: string }>();

  async function call(
    ...calls: [string, string, unknown[]][]
  ): Promise<{ answers: Answer[]; counters: { connections: number; roundTrips: number } }> {
    const { code, stdout, output } = await lab.exec(
      "operator",
      [process.execPath, "-e", driver],
      JSON.stringify(calls),
    );
    if (code !== 0) throw new Error(output);
    return JSON.parse(stdout) as never;
  }

  const one = async (kind: string, method: string, ...args: unknown[]): Promise<Answer> => {
    const { answers } = await call([kind, method, args]);
    return answers[0] ?? {};
  };

  function common(kind: string, name: string, host: string): Properties {
    const at = hosts.get(host);
    return {
      stateVersion: 1,
      owner: `p/s/${kind}/${name}`,
      ownUrn: "",
      host: { id: `p/s/host/${host}`, instance: at?.id },
      connection: { host: at?.ipv4, port: 22, user: "root", hostKeys: [at?.hostKey] },
      credentials: {},
      secretFiles: {},
      __provider: "test",
    };
  }
  const hostArgs = (host: string, change: Properties = {}): Properties => ({
    ...common("host", host, host),
    ...{ packages: [], sysctls: {}, resolved: true, adopt: false },
    ...change,
  });
  const bridgeArgs = (host: string, change: Properties = {}): Properties => ({
    ...common("bridge", `${host}-br0`, host),
    ...{ bridge: "br0", mode: "routed", isolation: "none", ipv4: hosts.get(host)?.ipv4, adopt: false },
    ...change,
  });
  const floatingArgs = (host: string, change: Properties = {}): Properties => ({
    ...common("floating-ip", "web", host),
    ...{ type: "ipv4", address: hosts.get("one")?.floating, name: "web" },
    ...change,
  });
  const machineArgs = (host: string, name: string, addresses: string[], change: Properties = {}): Properties => ({
    ...common("machine", name, host),
    name,
    networks: [
      {
        bridge: "br0",
        host: `p/s/host/${host}`,
        gateway4: hosts.get(host)?.ipv4,
        addresses: addresses.map((address) => ({ address, host: `p/s/host/${host}`, proxied: false })),
      },
    ],
    image: {
      kind: "debootstrap",
      suite: debian.suite,
      mirror: "http://deb.debian.org/debian",
      variant: "minbase",
      packages: [],
    },
    ...{ hostname: name, authorizedKeys: [], startAtBoot: true, running: true, ephemeral: false, privateUsers: "pick" },
    ...{ readyWhen: "running", onDelete: "delete", adopt: false },
    ...change,
  });

  /** What the engine does: check, then create or diff and update. */
  async function up(kind: string, key: string, args: Properties): Promise<Change> {
    const held = state.get(key);
    const checked = (await one(kind, "check", held?.inputs ?? {}, args)).value;
    expect(checked?.failures).toEqual([]);
    const inputs = checked?.inputs ?? {};
    if (held === undefined) return keep(key, inputs, await one(kind, "create", inputs));
    const { value: diff } = await one(kind, "diff", held.id, held.outs, inputs);
    expect(diff).toMatchObject({ replaces: [] });
    if (!(diff as unknown as { changes: boolean }).changes) return { changes: false };
    return keep(key, inputs, await one(kind, "update", held.id, held.outs, inputs), held.id);
  }

  function keep(key: string, inputs: Properties, answer: Answer, id?: string): Change {
    const { value, error } = answer;
    const outs = value?.outs ?? error?.properties;
    const known = id ?? value?.id ?? error?.id;
    if (known !== undefined && outs !== undefined)
      state.set(key, { id: known, inputs, outs: { ...outs, __provider: "test" } });
    return { changes: true, error };
  }

  /** What a refresh prints: names of what is not as the inputs want it. */
  async function refresh(kind: string, key: string): Promise<string[]> {
    const held = state.get(key);
    if (held === undefined) throw new Error(`no ${key}`);
    const { value, error } = await one(kind, "read", held.id, held.outs);
    if (error !== undefined || value === undefined) throw new Error(error?.message);
    if (value.id === "") return ["gone"];
    const parts = ["files", "boot", "live"].flatMap((part) => {
      const [a, b] = [held.inputs[part], value.inputs[part]] as Record<string, unknown>[];
      const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
      return names
        .filter((name) => JSON.stringify(a?.[name]) !== JSON.stringify(b?.[name]))
        .map((name) => `${part} ${name}`);
    });
    state.set(key, { id: held.id, inputs: value.inputs, outs: { ...value.props, __provider: "test" } });
    return parts;
  }

  const remove = async (kind: string, key: string): Promise<void> => {
    const held = state.get(key);
    const { error } = await one(kind, "delete", held?.id, held?.outs);
    if (error !== undefined) throw new Error(error.message);
    state.delete(key);
  };

  const reachable = (address: string): Promise<boolean> =>
    lab.exec("client", ["ping", "-c", "1", "-W", "2", address]).then(({ code }) => code === 0);

  /** Everything that destroy has to leave as it was. Accounts that Debian's packages made stay, by Debian's policy. */
  const snapshot = (host: string): Promise<string> =>
    lab.sh(
      host,
      `cd /; find etc -type f ! -name '*.db' ! -name 'passwd*' ! -name 'group*' ! -name 'shadow*' ! -name 'gshadow*' -exec sha256sum {} + | sort -k2
       find etc -type l -printf '%p -> %l\\n' | sort; find etc -type d -printf '%p %m %u\\n' | sort
       ip -o addr | sed 's/valid_lft.*//'; ip route; ip -6 route; ip rule; ip neigh show proxy; ip -6 neigh show proxy
       ls -A /var/lib/machines 2>&1 || :; sysctl -a 2>/dev/null | grep -E 'ip_forward|[.]forwarding|proxy_ndp|gc_thresh'
       dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' | grep ^installed | sort; systemctl list-unit-files --no-legend | sort`,
    );

  beforeAll(async () => {
    await run([process.execPath, join(root, "bin/cli/main.js"), "lab", "up", "--name", lab.name]);
    const key = readFileSync(join("/var/lib/pulumi-nspawn-lab", lab.name, "operator_ed25519.pub"), "utf8").trim();
    const api = (path: string, body: object): Promise<string> =>
      lab.sh(
        "operator",
        `curl -sS -H "Authorization: Bearer $HCLOUD_TOKEN" -H 'content-type: application/json' "$HCLOUD_ENDPOINT${path}" -d '${JSON.stringify(body)}'`,
      );
    await api("/ssh_keys", { name: "op", public_key: key });
    for (const name of ["one", "two"]) {
      const made = JSON.parse(
        await api("/servers", { name, server_type: "cx23", image: debian.image, location: "fsn1", ssh_keys: ["op"] }),
      ) as {
        server: { id: number; public_net: { ipv4: { ip: string } } };
      };
      const listens = `until ssh-keyscan -T 2 ${made.server.public_net.ipv4.ip} 2>/dev/null | grep -q ed25519; do sleep 0.3; done`;
      await lab.sh("operator", listens);
      await lab.sh(name, "cloud-init status --wait >/dev/null || :");
      const floating = JSON.parse(
        await api("/floating_ips", { type: "ipv4", server: made.server.id, description: name }),
      ) as { floating_ip: { ip: string } };
      const hostKey = (await lab.sh(name, "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
      hosts.set(name, {
        id: String(made.server.id),
        ipv4: made.server.public_net.ipv4.ip,
        hostKey,
        floating: floating.floating_ip.ip,
      });
    }
  });

  afterAll(() => lab.down());

  let before = "";

  it("prepares a host, a bridge, a floating address and a machine, one round trip each", async () => {
    before = await snapshot("one");
    for (const [kind, key, args] of [
      ["nspawnHost", "host", hostArgs("one")],
      ["bridgeNetwork", "bridge", bridgeArgs("one")],
      ["floatingIp", "floating", floatingArgs("one")],
      [
        "nspawnMachine",
        "machine",
        machineArgs("one", "web", [hosts.get("one")?.floating ?? ""], { rootPassword: "canary-password" }),
      ],
    ] as const) {
      const { error } = await up(kind, key, args);
      expect(error).toBeUndefined();
    }
    expect(await reachable(hosts.get("one")?.floating ?? "")).toBe(true);
    expect(JSON.stringify([...state.values()])).not.toContain("canary-password");
  });

  it("finds nothing to do afterwards, with one connection and one round trip for all", async () => {
    const reads = [...state].map(([key, held]): [string, string, unknown[]] => [
      kindOf(key),
      "read",
      [held.id, held.outs],
    ]);
    const { answers, counters } = await call(...reads);
    expect(counters).toEqual({ connections: 1, roundTrips: 1 });
    for (const [index, [, held]] of [...state].entries()) {
      expect(answers[index]?.error).toBeUndefined();
      for (const part of ["files", "secretFiles", "boot", "live"]) {
        expect(answers[index]?.value?.inputs[part]).toEqual(held.inputs[part]);
      }
    }
    expect(
      await up(
        "nspawnMachine",
        "machine",
        machineArgs("one", "web", [hosts.get("one")?.floating ?? ""], { rootPassword: "canary-password" }),
      ),
    ).toEqual({ changes: false });
  });

  const kindOf = (key: string): string =>
    ({ host: "nspawnHost", bridge: "bridgeNetwork", floating: "floatingIp" })[key] ?? "nspawnMachine";
  const argsOf = (key: string): Properties => {
    const all: Record<string, Properties> = {
      host: hostArgs("one"),
      bridge: bridgeArgs("one"),
      floating: floatingArgs("one"),
    };
    return (
      all[key] ?? machineArgs("one", "web", [hosts.get("one")?.floating ?? ""], { rootPassword: "canary-password" })
    );
  };

  it.each<[string, string, string]>([
    ["machine", "echo '# by hand' >>/etc/systemd/nspawn/web.nspawn", "files /etc/systemd/nspawn/web.nspawn"],
    ["machine", "echo '127.0.0.9 x' >>/var/lib/machines/web/etc/hosts", "files /var/lib/machines/web/etc/hosts"],
    [
      "machine",
      "rm /etc/systemd/network/10-br0.network.d/web.conf",
      "files /etc/systemd/network/10-br0.network.d/web.conf",
    ],
    ["machine", "ip route del $(ip -4 route show dev br0 | head -n 1 | cut -d' ' -f1) dev br0", "live routes"],
    ["machine", "systemctl stop systemd-nspawn@web", "live units"],
    ["machine", "systemctl -q disable systemd-nspawn@web", "boot units"],
    ["bridge", "chmod 0600 /etc/systemd/network/10-br0.netdev", "boot modes"],
    ["bridge", "ip addr add 192.0.2.99/32 dev br0", "live addresses"],
    ["bridge", "ip link set br0 down", "live link"],
    ["floating", "ip neigh del proxy $(ip -4 neigh show proxy | head -n 1 | cut -d' ' -f1) dev eth0", "live proxies"],
    [
      "floating",
      "rm /etc/pulumi-nspawn/proxies.d/floating-web.conf",
      "files /etc/pulumi-nspawn/proxies.d/floating-web.conf",
    ],
    ["host", "echo 0 >/proc/sys/net/ipv4/ip_forward", "live sysctls"],
    ["host", "systemctl -q disable machines.target", "boot units"],
    ["host", "ln -sfn /run/other /etc/resolv.conf", "boot links"],
  ])("sees and repairs a change by hand of the %s: %s", async (key, command, difference) => {
    await lab.sh("one", command);
    expect(await refresh(kindOf(key), key)).toContain(difference);
    const { changes, error } = await up(kindOf(key), key, argsOf(key));
    expect({ changes, error }).toEqual({ changes: true, error: undefined });
    expect(await refresh(kindOf(key), key)).toEqual([]);
  });

  it("has left nothing else changed by these", async () => {
    for (const key of state.keys()) expect([key, await refresh(kindOf(key), key)]).toEqual([key, []]);
    expect(await reachable(hosts.get("one")?.floating ?? "")).toBe(true);
  });

  it("keeps all over a reboot of the host", async () => {
    await lab.exec("one", ["systemctl", "reboot"]);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const deadline = Date.now() + 60_000;
    while (!(await reachable(hosts.get("one")?.floating ?? "")) && Date.now() < deadline);
    expect(await reachable(hosts.get("one")?.floating ?? "")).toBe(true);
    for (const key of state.keys()) expect([key, await refresh(kindOf(key), key)]).toEqual([key, []]);
  });

  it("changes a machine's files without restarting it, and restarts it only for what it reads at its start", async () => {
    const started = (): Promise<string> =>
      lab.sh("one", "systemctl show -p ActiveEnterTimestampMonotonic systemd-nspawn@web");
    const before = await started();
    const address = hosts.get("one")?.floating ?? "";
    const password = { rootPassword: "canary-password" };
    await up(
      "nspawnMachine",
      "machine",
      machineArgs("one", "web", [address], { ...password, authorizedKeys: [hosts.get("one")?.hostKey] }),
    );
    await up("bridgeNetwork", "bridge", bridgeArgs("one", { mtu: 1400 }));
    expect(await started()).toBe(before);
    await up("nspawnMachine", "machine", machineArgs("one", "web", [address], { ...password, hostname: "other" }));
    expect(await started()).not.toBe(before);
    expect((await lab.sh("one", "cat /var/lib/machines/web/etc/hostname")).trim()).toBe("other");
    await up("nspawnMachine", "machine", machineArgs("one", "web", [address], password));
    await up("bridgeNetwork", "bridge", bridgeArgs("one"));
  });

  it("keeps a machine that does not start, with its id, and repairs it", async () => {
    const init = "/var/lib/machines/web/usr/lib/systemd/systemd";
    await lab.sh("one", `mv ${init} ${init}.away; systemctl stop systemd-nspawn@web`);
    expect(await refresh("nspawnMachine", "machine")).toContain("live ready");
    const { error } = await up("nspawnMachine", "machine", argsOf("machine"));
    expect(error).toMatchObject({
      code: "NSPAWN_NOT_READY",
      id: "p/s/host/one/machine/web",
      properties: { __provider: "test" },
    });
    expect(await refresh("nspawnMachine", "machine")).not.toContain("gone");
    await lab.sh("one", `mv ${init}.away ${init}`);
    expect((await up("nspawnMachine", "machine", argsOf("machine"))).error).toBeUndefined();
    expect(await refresh("nspawnMachine", "machine")).toEqual([]);
  });

  it("makes six machines at once, each with keys and an id of its own", async () => {
    const names = ["a1", "a2", "a3", "a4", "a5", "a6"];
    const checked = await call(
      ...names.map((name): [string, string, unknown[]] => [
        "nspawnMachine",
        "check",
        [{}, machineArgs("one", name, [])],
      ]),
    );
    const made = await call(
      ...checked.answers.map(({ value }): [string, string, unknown[]] => ["nspawnMachine", "create", [value?.inputs]]),
    );
    expect(made.answers.map(({ error }) => error)).toEqual(names.map(() => undefined));
    expect(made.counters).toEqual({ connections: 1, roundTrips: 6 });
    const ids = await lab.sh("one", "cat /var/lib/machines/a?/etc/machine-id | sort -u | wc -l");
    expect(ids.trim()).toBe("6");
    const gone = await call(
      ...made.answers.map(({ value }): [string, string, unknown[]] => [
        "nspawnMachine",
        "delete",
        [value?.id, value?.outs],
      ]),
    );
    expect(gone.answers.map(({ error }) => error)).toEqual(names.map(() => undefined));
  });

  it("goes on where a killed client stopped", async () => {
    const args = machineArgs("one", "killed", []);
    const { value } = await one("nspawnMachine", "check", {}, args);
    const input = JSON.stringify([["nspawnMachine", "create", [value?.inputs]]]);
    for (const seconds of ["0.7", "1.1", "1.6"]) {
      await lab.exec("operator", ["timeout", "-s", "KILL", seconds, process.execPath, "-e", driver], input);
    }
    const made = await one("nspawnMachine", "create", value?.inputs);
    expect(made.error).toBeUndefined();
    await one("nspawnMachine", "delete", made.value?.id, made.value?.outs);
    expect(await lab.sh("one", "ls -A /var/lib/machines")).not.toContain("killed\n");
  });

  it("moves a floating address to another host in place", async () => {
    await up("nspawnHost", "host2", hostArgs("two"));
    const { error } = await up("floatingIp", "floating", floatingArgs("two"));
    expect(error).toBeUndefined();
    const address = hosts.get("one")?.floating ?? "";
    expect(await lab.sh("one", "ip -4 neigh show proxy; ls /etc/pulumi-nspawn/proxies.d 2>&1 || :")).not.toContain(
      "web",
    );
    expect(await lab.sh("two", "ip -4 neigh show proxy")).toContain(address);
    await up("floatingIp", "floating", floatingArgs("one"));
  });

  it("takes back packages, settings and the resolver when they are no longer wanted", async () => {
    const wanted = hostArgs("two", { packages: ["telnet"], sysctls: { "net.core.somaxconn": "2048" } });
    const was = (await lab.sh("two", "cat /proc/sys/net/core/somaxconn")).trim();
    expect((await up("nspawnHost", "host2", wanted)).error).toBeUndefined();
    expect(
      (await lab.sh("two", "cat /proc/sys/net/core/somaxconn; dpkg-query -W -f '${db:Status-Status}' telnet")).trim(),
    ).toBe("2048\ninstalled");
    expect((await up("nspawnHost", "host2", hostArgs("two", { resolved: false }))).error).toBeUndefined();
    expect((await lab.sh("two", "cat /proc/sys/net/core/somaxconn")).trim()).toBe(was);
    expect((await lab.exec("two", ["dpkg-query", "-W", "telnet"])).output).not.toMatch(/^telnet\t\d/m);
    expect(await lab.sh("two", "getent hosts deb.debian.org; readlink /etc/resolv.conf || echo a file")).toContain(
      "a file",
    );
  });

  it("refuses a machine's name that is taken, and a bridge that machines are on", async () => {
    const taken = await one(
      "nspawnMachine",
      "check",
      {},
      { ...machineArgs("one", "web", []), owner: "p/other/machine/web" },
    );
    const { error } = await one("nspawnMachine", "create", taken.value?.inputs);
    expect(error).toMatchObject({ code: "NSPAWN_OWNED" });
    expect(error?.message).toContain("belongs to p/s/machine/web");
    const held = state.get("bridge");
    expect((await one("bridgeNetwork", "delete", held?.id, held?.outs)).error?.message).toContain(
      "is still used by vb-web",
    );
  });

  it("leaves a host as it was", async () => {
    for (const key of ["machine", "floating", "bridge", "host"]) {
      const started = Date.now();
      await remove(kindOf(key), key);
      expect([key, Date.now() - started < 60_000]).toEqual([key, true]);
    }
    expect(await snapshot("one")).toBe(before);
    expect(await lab.sh("one", "ls -A /var/lib/pulumi-nspawn /run/pulumi-nspawn 2>&1 || :")).toMatch(
      /No such file.*\n.*No such file/,
    );
    expect(existsSync("/run/pulumi-nspawn")).toBe(false);
  });
});
