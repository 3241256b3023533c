import { readFileSync } from "node:fs";
import { join } from "node:path";
import { driver, type Answer, type Held, type Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { debian } from "../../support/debian";
import { Lab, root, run } from "../../support/harness";

jest.setTimeout(900_000);

/** Hosts of the lab's plain LAN, in both dialects of network configuration. */
for (const image of [`${debian.image}-lan`, `${debian.image}-lan-networkd`])
  describeInLab(`a transparent bridge on ${image}`, () => {
    const lab = new Lab(`transparent-${process.pid}`);
    const state = new Map<string, Held>();
    let ipv4 = "";
    let ipv6 = "";
    let hostKey = "";
    let before = "";
    /** Sets the provider's window, where a test waits for its end. */
    let confirmWithin: string[] = [];

    async function one(kind: string, method: string, ...args: unknown[]): Promise<Answer> {
      const calls = JSON.stringify([[kind, method, args]]);
      const { code, stdout, output } = await lab.exec(
        "operator",
        [...confirmWithin, process.execPath, "-e", driver],
        calls,
      );
      if (code !== 0) throw new Error(output);
      return (JSON.parse(stdout) as { answers: Answer[] }).answers[0] ?? {};
    }

    const common = (kind: string, name: string): Properties => ({
      stateVersion: 1,
      owner: `p/s/${kind}/${name}`,
      ownUrn: "",
      host: { id: "p/s/host/one", instance: "one" },
      connection: { host: ipv4, port: 22, user: "root", hostKeys: [hostKey] },
      credentials: {},
      secretFiles: {},
      __provider: "test",
    });
    const hostArgs = (): Properties => ({
      ...common("host", "one"),
      // Packages stay when a change is put back; the filter's is here before, so that all else can be compared.
      packages: ["nftables"],
      sysctls: {},
      resolved: true,
      adopt: false,
    });
    const bridgeArgs = (change: Properties = {}): Properties => ({
      ...common("bridge", "br0"),
      ...{
        bridge: "br0",
        mode: "transparent",
        uplink: "eth0",
        isolation: "tenant",
        ipv4,
        ipv6: "2001:db8:ffff:2::/64",
      },
      ...change,
    });
    const machineArgs = (name: string, addresses: string[] = []): Properties => ({
      ...common("machine", name),
      name,
      networks: [
        {
          bridge: "br0",
          host: "p/s/host/one",
          mode: "transparent",
          isolation: "tenant",
          lan4: { network: "192.0.2.192/26", gateway: "192.0.2.193" },
          addresses: addresses.map((address) => ({ address, proxied: true })),
        },
      ],
      image: {
        kind: "debootstrap",
        suite: debian.suite,
        packages: ["dbus", "iproute2", "iputils-ping", "systemd", "systemd-sysv"],
      },
      hostname: name,
      onDelete: "delete",
    });

    /** What the engine does, first time or again; says whether there was something to do. */
    async function up(kind: string, key: string, args: Properties): Promise<boolean> {
      const held = state.get(key);
      const checked = (await one(kind, "check", held?.inputs ?? {}, args)).value;
      expect(checked?.failures).toEqual([]);
      const inputs = checked?.inputs ?? {};
      if (held === undefined) return keep(key, inputs, await one(kind, "create", inputs));
      const { value } = await one(kind, "diff", held.id, held.outs, inputs);
      if (!(value as unknown as { changes: boolean }).changes) return false;
      return keep(key, inputs, await one(kind, "update", held.id, held.outs, inputs), held.id);
    }

    function keep(key: string, inputs: Properties, { value, error }: Answer, id = value?.id ?? ""): boolean {
      expect(error).toBeUndefined();
      state.set(key, { id, inputs, outs: { ...value?.outs, __provider: "test" } });
      return true;
    }

    /** Names of what is not as the inputs want it. */
    async function refresh(kind: string, key: string): Promise<string[]> {
      const held = state.get(key)!;
      const { value, error } = await one(kind, "read", held.id, held.outs);
      if (error !== undefined || value === undefined) throw new Error(error?.message);
      const different = ["files", "boot", "live"].flatMap((part) => {
        const [a, b] = [held.inputs[part], value.inputs[part]] as Record<string, unknown>[];
        return [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])]
          .filter((name) => JSON.stringify(a?.[name]) !== JSON.stringify(b?.[name]))
          .map((name) => `${part} ${name}`);
      });
      state.set(key, { id: held.id, inputs: value.inputs, outs: { ...value.props, __provider: "test" } });
      return different;
    }

    const ping = (address: string): Promise<boolean> =>
      lab.exec("client", ["ping", "-c", "1", "-W", "2", address]).then(({ code }) => code === 0);

    /** A login over one TCP connection that lasts until it is told to end, and what it said then. */
    async function login(): Promise<() => Promise<string>> {
      await lab.sh("one", "rm -f /tmp/go");
      const wait = "until [ -e /tmp/go ]; do sleep 0.2; done; echo alive";
      const options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"];
      const session = lab.exec("operator", [
        "timeout",
        "120",
        "ssh",
        "-n",
        ...options,
        `root@${ipv4}`,
        `touch /tmp/in; ${wait}`,
      ]);
      await lab.sh("one", "until [ -e /tmp/in ]; do sleep 0.1; done; rm /tmp/in");
      return async () => {
        await lab.sh("one", "touch /tmp/go");
        return (await session).output.trim();
      };
    }

    const globals = (host: string, link: string): Promise<string> =>
      lab.sh(host, `ip -o addr show dev ${link} scope global | awk '{ print $4 }' | sort`);

    /** Everything that a removal has to leave as it was, but for what counts down, and metrics, which networkd forgets when it starts again. */
    const snapshot = (): Promise<string> =>
      lab.sh(
        "one",
        `cd /; find etc -type f ! -name '*.db' ! -name 'passwd*' ! -name 'group*' ! -name 'shadow*' ! -name 'gshadow*' ! -name resolv.conf -exec sha256sum {} + | sort -k2
       find etc -type l -printf '%p -> %l\\n' | sort; find etc -type d -printf '%p %m %u\\n' | sort
       ip -o link | sed 's/^[0-9]*: //; s/@.*mtu/ mtu/' | sort; ip -o addr | sed 's/^[0-9]*: //; s/valid_lft.*//; s/ metric [0-9]*//' | sort
       ip route | sed 's/\\(kernel.*\\) metric 1024/\\1/'; ip -6 route | sed 's/ nhid [0-9]*//; s/ expires [0-9]*sec//; s/ hoplimit 64//' | sort -u; ip rule; cat /run/network/ifstate
       tr '\\0' ' ' </proc/$(cat /run/dhclient.eth0.pid 2>/dev/null || cat /run/dhcpcd/eth0.pid 2>/dev/null || echo 1)/cmdline; echo
       networkctl list --no-legend --no-pager | awk '{ sub(/configuring/, "configured"); print $2, $NF }'
       systemctl list-unit-files --no-legend | grep -v ' transient' | awk '{ print $1, $2 }' | sort; systemctl --failed --no-legend`,
      );

    beforeAll(async () => {
      await run([process.execPath, join(root, "bin/cli/main.js"), "lab", "up", "--name", lab.name]);
      const key = readFileSync(join(lab.directory, "operator_ed25519.pub"), "utf8").trim();
      await lab.api("POST", "/ssh_keys", { name: "op", public_key: key });
      const public_net = { enable_ipv4: false, enable_ipv6: false };
      await lab.api("POST", "/servers", {
        name: "one",
        server_type: "cx23",
        image,
        location: "fsn1",
        ssh_keys: ["op"],
        public_net,
      });
      const both =
        "ip -o addr show dev eth0 scope global | tr '\\n' ' ' | grep ' inet .* inet6 2001' | grep -qv tentative";
      while ((await lab.exec("one", ["sh", "-ec", both])).code !== 0)
        await new Promise((again) => setTimeout(again, 500));
      const [v4 = "", v6 = ""] = (await globals("one", "eth0")).trim().split("\n");
      [ipv4 = "", ipv6 = ""] = [v4, v6].map((address) => address.split("/")[0]!);
      await lab.sh("operator", `until ssh-keyscan -T 2 ${ipv4} 2>/dev/null | grep -q ed25519; do sleep 0.3; done`);
      hostKey = (await lab.sh("one", "cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
      await up("nspawnHost", "host", hostArgs());
      before = await snapshot();
    });

    afterAll(() => lab.down());

    it("puts everything back when nobody can log in any more", async () => {
      const { value } = await one("bridgeNetwork", "check", {}, bridgeArgs());
      const logout = await login();
      const cut = "add table inet cut; add chain inet cut f { type filter hook forward priority 0; }";
      const rule = "add rule inet cut f tcp dport 22 tcp flags & (syn | ack) == syn drop";
      confirmWithin = ["env", "NSPAWN_CONFIRM_WITHIN=5"];
      const made = one("bridgeNetwork", "create", value?.inputs);
      await lab.sh("one", "until ip link show br0 >/dev/null 2>&1; do sleep 0.05; done");
      await lab.sh("router", `nft "${cut}; ${rule}"`);
      const { error } = await made;
      await lab.sh("router", "nft delete table inet cut");
      confirmWithin = [];
      expect(error).toMatchObject({ code: "NSPAWN_ROLLED_BACK" });
      expect(await logout()).toBe("alive");
      expect(await snapshot()).toBe(before);
      expect([await ping(ipv4), await ping(ipv6)]).toEqual([true, true]);
    });

    it("takes the uplink in: the host keeps its addresses, and logins their connection", async () => {
      const was = await globals("one", "eth0");
      const logout = await login();
      await up("bridgeNetwork", "bridge", bridgeArgs());
      expect(await logout()).toBe("alive");
      expect(await globals("one", "br0")).toBe(was);
      expect(await globals("one", "eth0")).toBe("");
      expect([await ping(ipv4), await ping(ipv6)]).toEqual([true, true]);
      expect(await lab.sh("one", "ip route show default; ip -6 route show default")).not.toContain("eth0");
    });

    it("finds nothing to do afterwards", async () => {
      expect(await refresh("bridgeNetwork", "bridge")).toEqual([]);
      expect(await up("bridgeNetwork", "bridge", bridgeArgs())).toBe(false);
      expect(await refresh("nspawnHost", "host")).toEqual([]);
      expect(state.get("host")?.outs).toMatchObject({ uplinkName: "eth0", ipv4, ipv6Network: "2001:db8:ffff:2::/64" });
    });

    it("gives a machine addresses of the LAN, which the client reaches", async () => {
      await up("nspawnMachine", "machine", machineArgs("web"));
      const addresses = await guest("web");
      expect(addresses).toHaveLength(2);
      // The machine's outputs say so too.
      expect(state.get("machine")?.outs).toMatchObject({ ipv4: addresses[0], ipv6: addresses[1] });
      const ways = addresses.map((address) => `host0 ${address} reached (\\S+) \\1 ${address} eth0 br0 vb-web host0`);
      const seen = state.get("machine")?.outs.reachability as string[];
      expect(seen).toEqual(ways.map((way) => expect.stringMatching(new RegExp(`^${way}$`)) as string));
      for (const address of addresses) expect([address, await ping(address)]).toEqual([address, true]);
      await lab.sh("one", "systemctl restart systemd-nspawn@web");
      expect(await guest("web")).toEqual(addresses);
      // Nothing routes to it or answers for it; its port and its part of the filter are all that it has on the host.
      const own = await lab.sh("one", "find /etc/pulumi-nspawn /etc/systemd/network | grep web | sort");
      expect(own).toBe("/etc/pulumi-nspawn/filter/br0.d/web.nft\n/etc/systemd/network/10-vb-web.network\n");
    });

    /** The machine's global addresses, when it has one of each family. */
    async function guest(name: string): Promise<string[]> {
      const inside = `nsenter -t $(machinectl show ${name} -p Leader --value) -n ip -o addr show dev host0 scope global`;
      const both = `${inside} | grep -q ' inet ' && ${inside} | grep 'inet6 2001' | grep -qv tentative`;
      await lab.sh("one", `for i in $(seq 150); do if ${both}; then break; fi; sleep 0.2; done 2>/dev/null`);
      return (await lab.sh("one", `${inside} | awk '{ print $4 }' | sed 's|/.*||' | sort`)).trim().split("\n");
    }

    it("gives a machine the addresses that it is told to have", async () => {
      const given = ["192.0.2.240", "2001:db8:ffff:2::240"];
      await up("nspawnMachine", "db", machineArgs("db", given));
      expect(await guest("db")).toEqual(given);
      for (const address of given) expect([address, await ping(address)]).toEqual([address, true]);
    });

    // The next advertisement of the LAN's router would give the address back before anybody looks.
    const deaf = `nft 'add table netdev deaf; add chain netdev deaf in { type filter hook ingress device "eth0" priority 0; }; add rule netdev deaf in icmpv6 type nd-router-advert drop'`;
    const hears = "nft delete table netdev deaf 2>/dev/null || :";

    it.each<[string, string]>([
      [`${deaf}; ip -6 addr flush dev br0 scope global`, "live addresses"],
      ["rm /etc/systemd/network/05-eth0.network", "files /etc/systemd/network/05-eth0.network"],
      ["rm /etc/systemd/network/10-br0.netdev.d/00-uplink.conf", "boot uplink"],
      ["systemctl -q disable systemd-networkd-wait-online", "boot units"],
    ])("sees and repairs a change by hand: %s", async (command, difference) => {
      await lab.sh("one", command);
      expect(await refresh("bridgeNetwork", "bridge")).toEqual([difference]);
      await lab.sh("one", hears);
      expect(await up("bridgeNetwork", "bridge", bridgeArgs())).toBe(true);
      expect(await refresh("bridgeNetwork", "bridge")).toEqual([]);
    });

    it("is there again after a reboot, with the same addresses", async () => {
      const was = [await globals("one", "br0"), ...(await guest("web"))];
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const deadline = Date.now() + 60_000;
      while (!((await ping(ipv4)) && (await ping(ipv6))) && Date.now() < deadline);
      expect([await globals("one", "br0"), ...(await guest("web"))]).toEqual(was);
      for (const address of await guest("web")) expect([address, await ping(address)]).toEqual([address, true]);
      expect(await refresh("bridgeNetwork", "bridge")).toEqual([]);
      expect(await refresh("nspawnMachine", "machine")).toEqual([]);
    });

    it("gives the uplink back as it was", async () => {
      for (const [key, held] of [...state].reverse().filter(([key]) => key !== "host")) {
        const logout = await login();
        const { error } = await one(key === "bridge" ? "bridgeNetwork" : "nspawnMachine", "delete", held.id, held.outs);
        expect(error).toBeUndefined();
        expect(await logout()).toBe("alive");
      }
      expect([await ping(ipv4), await ping(ipv6)]).toEqual([true, true]);
      expect(await snapshot()).toBe(before);
    });
  });
