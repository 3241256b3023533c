import type { Properties } from "../support/driver";
import { describeInLab } from "./available";
import { Lab } from "../support/harness";
import { pings, pingsWithin, runOf } from "./reach";
import { TwoHosts } from "./two-hosts";
import { debian } from "../support/debian";

const minutes = 60_000;

describeInLab("a bridge that protects its machines", () => {
  const lab = new Lab(`isolation-${process.pid}`);
  const at = new TwoHosts(lab, ["one"]);
  const inside = (number: number): string => at.host("one").ipv6.replace(/::\/64$/, `::${number}`);

  const host = (): Properties => ({
    ...at.common("host", "one", "one"),
    ...{ packages: [], sysctls: {}, resolved: false, adopt: false },
  });
  const bridge = (change: Properties = {}): Properties => ({
    ...at.common("bridge", "br0", "one"),
    ...{ bridge: "br0", ipv4: at.host("one").ipv4, ipv6: at.host("one").ipv6, isolation: "tenant", ...change },
  });
  const machine = (name: string, addresses: string[], change: Properties = {}): Properties => ({
    ...at.common("machine", name, "one"),
    name,
    networks: [
      {
        bridge: "br0",
        host: "p/s/host/one",
        isolation: "tenant",
        gateway4: at.host("one").ipv4,
        ipv6: at.host("one").ipv6,
        addresses: addresses.map((address) => ({ address, proxied: address.includes(":") })),
      },
    ],
    image: { kind: "debootstrap", suite: debian.suite, packages: ["iputils-ping", "netcat-openbsd"] },
    ...{ hostname: name, onDelete: "delete", ...change },
  });
  const web = (change: Properties = {}): Properties => machine("web", [at.host("one").floating, inside(7)], change);
  const db = (change: Properties = {}): Properties => machine("db", [inside(8)], change);

  async function up(kind: string, key: string, args: Properties): Promise<void> {
    const { error } = await at.up(kind, key, args);
    if (error !== undefined) throw new Error(error.message);
  }

  const drift = async (kind: string, key: string): Promise<unknown> => {
    const { id, outs } = at.state.get(key) ?? {};
    const answer = await at.call("", kind, "read", id, outs);
    return answer?.value?.inputs.live ?? answer?.error;
  };
  const within = (name: string, command: string): Promise<string> =>
    lab.sh("one", `nsenter -t $(machinectl show ${name} -p Leader --value) -a sh -c '${command}'`);
  const wanted = (key: string): Properties => at.state.get(key)?.inputs.live as Properties;

  beforeAll(async () => {
    await at.start();
    await up("nspawnHost", "host", host());
    await up("bridgeNetwork", "bridge", bridge());
    await up("floatingIp", "ip", {
      ...at.common("floating-ip", "web", "one"),
      ...{ type: "ipv4", address: at.host("one").floating, name: "web" },
    });
    await up("nspawnMachine", "web", web());
    await up("nspawnMachine", "db", db());
  }, 15 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  it(
    "lets them be reached in both families, and reach each other from the first packet on",
    async () => {
      for (const address of [at.host("one").floating, inside(7), inside(8)]) {
        expect(await pingsWithin(lab, address, 10)).toBeGreaterThanOrEqual(0);
      }
      expect(await within("db", `ping -n -c 3 -i 0.3 -W 2 ${inside(7)}`)).toContain(" 0% packet loss");
    },
    minutes,
  );

  it(
    "is as wanted in the kernel: ports, neighbours, filter",
    async () => {
      expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
      expect(await drift("nspawnMachine", "web")).toEqual(wanted("web"));
    },
    minutes,
  );

  it(
    "keeps the host's own services to itself, and the metadata from the machines",
    async () => {
      const { ipv4 } = at.host("one");
      await expect(within("web", `nc -z -w 2 ${ipv4} 22`)).rejects.toThrow();
      await expect(within("web", "nc -z -w 2 169.254.169.254 80")).rejects.toThrow();
      expect(
        await lab.sh(
          "one",
          "nc -z -w 2 169.254.169.254 80 || curl -sf -m 2 http://169.254.169.254/ >/dev/null; echo $?",
        ),
      ).toMatch(/^\d/);
    },
    minutes,
  );

  it(
    "finds what was changed by hand, and puts it back",
    async () => {
      await lab.sh(
        "one",
        `nft flush set bridge pulumi-nspawn-br0 source4
      ip neigh del ${(wanted("web").neighbours as string[])[0]!.split(" ")[0]} dev br0
      ip -6 route replace ${inside(7)}/128 dev br0
      bridge link set dev vb-web isolated off`,
      );
      expect(await drift("bridgeNetwork", "bridge")).toMatchObject({ filter: "changed" });
      const found = (await drift("nspawnMachine", "web")) as Record<string, unknown>;
      expect(found.port).toMatch(/^vb-web master br0 not isolated/);
      expect(found.neighbours).toBeUndefined();
      expect(found.routes).not.toContain(`${inside(7)}/128 dev br0`);
      const before = await runOf(lab, "one", "web");
      at.state.get("bridge")!.outs.applied = {};
      at.state.get("web")!.outs.applied = {};
      await up("bridgeNetwork", "bridge", bridge());
      await up("nspawnMachine", "web", web());
      expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
      expect(await drift("nspawnMachine", "web")).toEqual(wanted("web"));
      expect(await runOf(lab, "one", "web")).toBe(before);
    },
    3 * minutes,
  );

  it(
    "outlives what nftables.service does",
    async () => {
      for (const verb of ["start", "reload", "restart", "stop"]) {
        await lab.sh("one", `systemctl ${verb} nftables.service`);
        expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
      }
    },
    2 * minutes,
  );

  it(
    "starts no machine that the filter does not know",
    async () => {
      await lab.sh(
        "one",
        "nft delete table bridge pulumi-nspawn-br0; systemctl restart systemd-nspawn@db.service || :",
      );
      expect(await lab.sh("one", "systemctl is-active systemd-nspawn@db.service || :")).toMatch(/failed|activating/);
      expect(await lab.sh("one", "journalctl -q -o cat -n 20 -u systemd-nspawn@db.service")).toContain(
        "the packet filter of br0 does not know vb-db",
      );
      at.state.get("bridge")!.outs.applied = {};
      at.state.get("db")!.outs.applied = {};
      await up("bridgeNetwork", "bridge", bridge());
      await up("nspawnMachine", "db", db());
      expect(await pings(lab, inside(8))).toBe(true);
    },
    3 * minutes,
  );

  it(
    "is there again after a reboot, before any machine",
    async () => {
      await lab.exec("one", ["systemctl", "reboot"]);
      expect(await pingsWithin(lab, inside(7), 60)).toBeGreaterThanOrEqual(0);
      expect(await pingsWithin(lab, at.host("one").floating, 60)).toBeGreaterThanOrEqual(0);
      expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
      expect(await drift("nspawnMachine", "web")).toEqual(wanted("web"));
    },
    2 * minutes,
  );

  it(
    "holds machines to the groups and the firewall that the program gives",
    async () => {
      const groups = (args: Properties): Properties => ({
        ...args,
        networks: (args.networks as Properties[]).map((network) => ({ ...network, groups: [] })),
      });
      await up("bridgeNetwork", "bridge", bridge({ allowBetween: [["web"]] }));
      const firewall = [{ direction: "in", protocol: "tcp", port: "80", sources: ["::/0"] }];
      const before = await runOf(lab, "one", "web");
      await up("nspawnMachine", "web", { ...groups(web()), firewall });
      await up("nspawnMachine", "db", groups(db()));
      expect(await runOf(lab, "one", "web")).toBe(before);
      await expect(within("db", `ping -n -c 1 -W 1 ${inside(7)}`)).rejects.toThrow();
      expect(await pings(lab, inside(7))).toBe(false);
      expect(await pings(lab, inside(8))).toBe(true);
      expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
    },
    3 * minutes,
  );

  it(
    "gives machines cables of their own, under the same promises, and takes them back",
    async () => {
      const cabled = (args: Properties): Properties => ({
        ...args,
        networks: (args.networks as Properties[]).map((network) => ({ ...network, attach: "veth" })),
      });
      await up("bridgeNetwork", "bridge", bridge({ attach: "veth" }));
      await up("nspawnMachine", "web", cabled(web()));
      await up("nspawnMachine", "db", cabled(db()));
      const asWanted = async (): Promise<void> => {
        expect(await drift("bridgeNetwork", "bridge")).toEqual(wanted("bridge"));
        expect(await drift("nspawnMachine", "web")).toEqual(wanted("web"));
        for (const address of [at.host("one").floating, inside(7), inside(8)])
          expect(await pingsWithin(lab, address, 60)).toBeGreaterThanOrEqual(0);
        expect(await within("db", `ping -n -c 3 -i 0.3 -W 2 ${inside(7)}`)).toContain(" 0% packet loss");
        await expect(within("web", `nc -z -w 2 ${at.host("one").ipv4} 22`)).rejects.toThrow();
        expect(await lab.sh("one", "ls /sys/class/net/br0/brif")).toBe("");
      };
      await asWanted();
      expect(wanted("web").port).toBe("ve-web up fe80::1/64");
      await expect(at.remove("bridgeNetwork", "bridge")).rejects.toThrow("br0 is still used by ve-db ve-web");
      const before = await runOf(lab, "one", "web");
      await lab.sh(
        "one",
        `nft flush set inet pulumi-nspawn-br0 source4
        ip neigh flush dev ve-web nud permanent
        ip addr del fe80::1/64 dev ve-web
        ip addr add 10.0.0.1/24 dev ve-web`,
      );
      expect(await drift("bridgeNetwork", "bridge")).toMatchObject({ filter: "changed" });
      expect(await drift("nspawnMachine", "web")).toMatchObject({ port: "ve-web up 10.0.0.1/24" });
      for (const key of ["bridge", "web"]) at.state.get(key)!.outs.applied = {};
      await up("bridgeNetwork", "bridge", bridge({ attach: "veth" }));
      await up("nspawnMachine", "web", cabled(web()));
      await asWanted();
      expect(await runOf(lab, "one", "web")).toBe(before);
      await lab.exec("one", ["systemctl", "reboot"]);
      await asWanted();
      await up("bridgeNetwork", "bridge", bridge());
      await up("nspawnMachine", "web", web());
      await up("nspawnMachine", "db", db());
      expect(await pingsWithin(lab, inside(8), 10)).toBeGreaterThanOrEqual(0);
      expect(await drift("nspawnMachine", "web")).toEqual(wanted("web"));
      expect(await lab.sh("one", "ls -d /etc/systemd/network/*-ve-* 2>/dev/null || :")).toBe("");
    },
    8 * minutes,
  );

  it(
    "leaves nothing when it goes",
    async () => {
      for (const name of ["web", "db"]) await at.remove("nspawnMachine", name);
      await at.remove("floatingIp", "ip");
      await at.remove("bridgeNetwork", "bridge");
      expect(await lab.sh("one", "nft list ruleset")).toBe("");
      expect(await lab.sh("one", "ls /etc/pulumi-nspawn /etc/systemd/system | grep -c filter || :")).toBe("0\n");
      await at.remove("nspawnHost", "host");
      expect(await lab.sh("one", "ls -d /etc/pulumi-nspawn /var/lib/pulumi-nspawn 2>/dev/null || :")).toBe("");
    },
    4 * minutes,
  );
});
