import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { captured, clientAddress, pings, pingsWithin, runOf } from "../reach";
import { Reader } from "../readers";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;

const web: MachineSpec = {
  host: "one",
  bridge: "br0",
  addresses: [{ ip: "v4" }, { ipv6For: "web" }],
  also: [
    { bridge: "cables", addresses: [{ ip: "second" }, { ipv6For: "web-cable" }] },
    { bridge: "plain", addresses: [{ ipv6For: "web-plain" }], interface: "lan0" },
    { bridge: "back", addresses: [{ ipv6For: "web" }, { literal: "10.9.0.7" }] },
  ],
};
/** The only way to it is web. */
const db: MachineSpec = { host: "one", bridge: "back", addresses: [{ ipv6For: "db" }, { literal: "10.9.0.8" }] };

const spec: Spec = {
  hosts: { one: { server: {} } },
  bridges: {
    br0: { host: "one" },
    cables: { host: "one", bridge: "cables", attach: "veth" },
    plain: { host: "one", bridge: "plain", isolation: "none" },
    back: { host: "one", bridge: "back", mode: "isolated", ipv4: { network: "10.9.0.0/24" } },
  },
  ips: { v4: { type: "ipv4", host: "one" }, second: { type: "ipv4", host: "one" } },
  machines: {
    web,
    db,
    "kube-controller-1.example.org": { host: "one", bridge: "cables", addresses: [{ ipv6For: "kube" }] },
    other: { host: "one", bridge: "br0", addresses: [{ ipv6For: "other" }] },
  },
};

describeInLab("a machine on four networks", () => {
  const lab = new Lab("e2e-networks");
  const reader = new Reader(lab);
  const stack = lab.stack("networks");
  let addresses: string[] = [];
  /** Of web and db on the isolated network. */
  let [ula, database]: string[] = [];

  const inside = (machine: string, text: string) =>
    lab.sh("one", `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -c '${text}'`);
  const inWeb = (...argv: string[]) => inside("web", argv.join(" "));
  const answers = async (seconds: number) => {
    for (const address of addresses) expect([address, (await pingsWithin(lab, address, seconds)) >= 0]).toEqual([address, true]);
  }; // prettier-ignore
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const state = await stack.export();
    const addressesOf = (name: string): string[] => {
      const machine = state.deployment.resources?.find(({ urn }) => urn.endsWith(`nspawn:NspawnMachine::${name}`));
      return machine?.inputs?.networks.flatMap((network: { addresses: { address: string }[] }) =>
        network.addresses.map(({ address }) => address),
      ) as string[];
    };
    addresses = addressesOf("web");
    [ula] = addresses.splice(5);
    [database] = addressesOf("db");
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "has an interface for each, and answers at all of its addresses from the one that was asked",
    async () => {
      expect(addresses).toHaveLength(5);
      const links = JSON.parse(await inWeb("ip", "-j", "link")) as { ifname: string }[];
      expect(links.map(({ ifname }) => ifname).sort()).toEqual(["back", "cables", "host0", "lan0", "lo"]);
      await answers(20);
      for (const address of addresses) {
        const seen = await captured(lab, "client", "icmp or icmp6", () => pings(lab, address));
        expect(seen).toContain(`${address} > ${clientAddress[address.includes(":") ? "ipv6" : "ipv4"]}: `);
      }
    },
    3 * minutes,
  );

  test(
    "has one default route of each family, and sends what comes from another network's address by that network",
    async () => {
      const way = async (...from: string[]) => {
        const [family, far] = from.join().includes(":") ? ["-6", clientAddress.ipv6] : ["-4", clientAddress.ipv4];
        const [route] = JSON.parse(await inWeb("ip", "-j", family, "route", "get", far, ...from)) as { dev: string }[];
        return route?.dev;
      };
      expect(await way()).toBe("host0");
      expect(await Promise.all(addresses.map((address) => way("from", address)))).toEqual([
        ...["host0", "host0", "cables", "cables", "lan0"],
      ]);
    },
    1 * minutes,
  );

  test(
    "reaches a neighbour on the isolated network, which nobody else does, and which reaches nobody else",
    async () => {
      for (const address of [database, "10.9.0.8"]) await inWeb("ping", "-n", "-c1", "-W2", `${address}`);
      // Its root takes the host for a router, and for somebody to talk to; then an address that is not its own.
      const mac = (await lab.out("one", "cat", "/sys/class/net/back/address")).trim();
      const host = (await lab.out("one", "sh", "-c", "ip -4 -o addr show dev eth0 | awk '{ print $4 }'")).split("/")[0];
      await inside(
        "db",
        `ip neigh replace 10.9.0.1 lladdr ${mac} dev host0; ip route add default via 10.9.0.1 dev host0`,
      );
      const forwarded = await captured(lab, "router", "icmp", async () => {
        await inside("db", `ping -n -c2 -W1 ${clientAddress.ipv4} || true`);
        await inside("web", `ping -n -c1 -W2 ${clientAddress.ipv4}`);
      });
      expect(forwarded).toContain(`> ${clientAddress.ipv4}: ICMP echo request`);
      expect(forwarded).not.toContain("10.9.0.8");
      await expect(inside("db", `ping -n -c2 -W1 ${host}`)).rejects.toThrow();
      await inside("db", "ip addr add 10.9.0.99/24 dev host0");
      await expect(inside("db", "ping -n -c2 -W1 -I 10.9.0.99 10.9.0.7")).rejects.toThrow();
      await inside("db", "ip addr del 10.9.0.99/24 dev host0; ip route del default; ip neigh del 10.9.0.1 dev host0");
      expect(await inside("db", `ping -n -c1 -W2 ${ula}`)).toContain("1 received");
    },
    3 * minutes,
  );

  test(
    "is in order for ls, doctor and refresh",
    async () => {
      const { stdout, output, code } = await reader.types("npx pulumi-nspawn doctor web --json");
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
      const { machines } = JSON.parse(stdout) as { machines: { hops: { hop: string; subject: string }[] }[] };
      const hops = machines.flatMap((machine) => machine.hops).filter(({ hop }) => hop === "port" || hop === "guest route");
      expect(hops.map(({ subject }) => subject)).toEqual([
        ...["vb-web", "ve-web_1", "vb-web_2", "vb-web_3", "ipv4", "ipv6", "ipv4 by cables", "ipv6 by cables", "ipv6 by lan0"],
      ]);
      expect((await reader.types("npx pulumi-nspawn ls")).output).toContain(addresses[2]);
      await noDrift();
    },
    3 * minutes,
  ); // prettier-ignore

  test.each([
    ["a port that is gone", "ip link del vb-web_3", /vb-web_3 master back/],
    ["a port of a bridge", "bridge link set dev vb-web_3 learning on", /vb-web_3 master back/],
    ["a route to a cable", "ip -6 route flush dev ve-web_1 proto static", /dev ve-web_1/],
    ["an address in the bridge's filter", "nft flush set bridge pulumi-nspawn-br0 source6", /filter/],
  ])(
    "finds and mends %s that was changed by hand",
    async (_, broken, line) => {
      await lab.sh("one", broken);
      const { output, code } = await stack.drift();
      expect(code).not.toBe(0);
      expect(output).toMatch(line);
      await stack.up(spec, "--refresh");
      await answers(10);
      await noDrift();
    },
    4 * minutes,
  );

  test(
    "answers again after networkd's restart, and after the host's",
    async () => {
      await lab.sh("one", "systemctl restart systemd-networkd");
      await answers(20);
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answers(90);
      await noDrift();
    },
    6 * minutes,
  );

  test(
    "restarts alone when a network is taken away, and no filter knows it there any more",
    async () => {
      const [before, others] = [await runOf(lab, "one", "web"), await runOf(lab, "one", "other")];
      const { also: [, ...rest] = [], ...first } = web;
      await stack.up({ ...spec, machines: { ...spec.machines, web: { ...first, also: rest } } });
      addresses = addresses.filter((_, index) => index < 2 || index === 4);
      await answers(20);
      expect(await runOf(lab, "one", "web")).not.toBe(before);
      expect(await runOf(lab, "one", "other")).toBe(others);
      expect(await lab.sh("one", "nft list table inet pulumi-nspawn-cables")).not.toContain("ve-web");
      expect(await lab.sh("one", "ls /etc/systemd/network")).not.toContain("web_3");
      await inWeb("ping", "-n", "-c1", "-W2", "10.9.0.8");
      await noDrift();
    },
    5 * minutes,
  );
});
