import { Lab } from "../../support/harness";
import type { HostSpec, MachineSpec, Spec } from "../../support/spec";
import { describeInLab } from "../available";
import { beside, factRows, untouched } from "../drift/facts";
import { files } from "../drift/files";
import { managedIn, type Managed } from "../drift/managed";
import { isOf, rounds, type Round } from "../drift/row";
import { shownIn } from "../drift/shown";
import { hostOnLan } from "../host-on-lan";
import { clientAddress, pingsWithin } from "../reach";
import { soon } from "../restarts";

const minutes = 60_000;
const rows = [...files, ...factRows];
const alone = { host: "one", bridge: "alone", mode: "isolated", ipv4: { network: "10.7.0.0/24" } } as const;

const web: MachineSpec = {
  ...{ host: "one", bridge: "br0", addresses: [{ ip: "four" }, { ipv6For: "web" }] },
  ...{ subnets: [{ name: "customer", length: 80 }], rootPassword: "drift-canary-2f71" },
  also: [
    { bridge: "cables", addresses: [{ ipv6For: "cable" }] },
    { bridge: "nat0", ports: [{ protocol: "tcp", host: 2222, machine: 22 }] },
    { bridge: "back", addresses: [{ ipv6For: "web" }] },
    { bridge: "priv", addresses: [{ literal: "10.0.11.7" }] },
    { bridge: "alone", addresses: [{ ipv6For: "web" }, { literal: "10.7.0.7" }] },
  ],
};

/** A bridge of each mode, attachment and isolation, and machines that are on all of them. */
const specOf = (lan: HostSpec): Spec => ({
  hosts: { one: { server: {}, neighbourProxy: "ndppd", packages: ["tcpdump"] }, lan },
  privately: { ipRange: "10.0.0.0/16", subnet: "10.0.1.0/24", hosts: { one: "10.0.1.11" } },
  bridges: {
    br0: { host: "one" },
    cables: { host: "one", bridge: "cables", attach: "veth" },
    nat0: { host: "one", bridge: "nat0", mode: "nat" },
    back: { host: "one", bridge: "back", mode: "isolated", vxlan: { id: 5001, peers: ["203.0.113.250"] } },
    priv: { host: "one", bridge: "priv", private: true, ipv4: { network: "10.0.11.0/24" } },
    mesh: { host: "one", bridge: "mesh", mode: "isolated", isolation: "none", macvlan: true },
    alone,
    lan0: { host: "lan", bridge: "lan0", mode: "transparent" },
  },
  ips: { four: { type: "ipv4", host: "one" } },
  machines: {
    web,
    infra: { host: "one", bridge: "mesh", attach: "macvlan", addresses: [{ ipv6For: "infra" }] },
    near: { host: "one", bridge: "alone", addresses: [{ ipv6For: "near" }, { literal: "10.7.0.8" }] },
    home: { host: "lan", bridge: "lan0" },
  },
});

describeInLab("drift of each mode", () => {
  const lab = new Lab("e2e-modes");
  const stack = lab.stack("modes");
  let spec: Spec;
  let managed: Managed[] = [];
  let reached: string[] = [];
  let [server, lease] = ["", ""];

  const inside = (machine: string, text: string): Promise<string> =>
    lab.sh("one", `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -ec '${text}'`);
  const noDrift = async (): Promise<void> => {
    const { output, code } = await stack.drift();
    expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
  };
  /** By each way: routed, on the LAN, by the host's port, out by its address, and to a neighbour. */
  const works = async (): Promise<void> => {
    for (const address of reached)
      expect([address, (await pingsWithin(lab, address, 20)) >= 0]).toEqual([address, true]);
    const banner = await lab.sh("client", `timeout 5 bash -c 'exec 3<>/dev/tcp/${server}/2222; head -n1 <&3'`);
    expect(banner).toMatch(/^SSH-2/);
    expect(await inside("web", `ping -n -c1 -W2 -I ${lease} ${clientAddress.ipv4}`)).toContain("1 received");
    expect(await inside("near", "ping -n -c1 -W2 10.7.0.7")).toContain("1 received");
    expect(await inside("web", "ping -n -c1 -W2 10.0.1.11")).toContain("1 received");
  };
  const bridges = (): Managed[] => managed.filter(({ what, bridge }) => what === "live link" && bridge !== "");

  /** Edits of a round: on which host, of which resource, what is done, and what has to be shown. */
  const editsOf = (round: Round): { host: string; resource: string; edit: string; line: string }[] => [
    ...rows
      .filter((row) => row.round === round)
      .flatMap((row) => managed.filter((each) => isOf(row, each)).map((each) => [row, each] as const))
      .map(([{ change, line }, each]) => ({
        ...{ host: each.host, resource: each.resource },
        ...{ edit: change(each), line: line(each) },
      })),
    ...beside
      .filter((row) => row.round === round)
      .flatMap((row) => bridges().flatMap((each) => (row.bridge.test(each.bridge) ? [[row, each] as const] : [])))
      .map(([{ change, line }, { host, resource, bridge }]) => ({
        ...{ host, resource, edit: change(bridge), line: line(bridge) },
      })),
  ];

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    const { address, hostKey } = await hostOnLan(lab, "lan");
    spec = specOf({ ssh: { host: address, hostKey } });
    await stack.up(spec);
    const { hosts, machines, reachability } = await stack.outputs();
    lease = reachability.web?.find(({ interface: link }) => link === "nat0")?.address ?? "";
    server = hosts.one?.ipv4 ?? "";
    reached = [machines.web?.ipv4, machines.web?.ipv6, machines.home?.ipv4, machines.home?.ipv6].map(String);
    managed = managedIn(await stack.export());
  }, 40 * minutes);
  afterAll(() => lab.down(), 5 * minutes);

  test("has a row for each file and fact that the product manages, and no row for what it does not", () => {
    const known = [...rows, ...untouched];
    const without = managed.filter((each) => known.filter((row) => isOf(row, each)).length !== 1);
    expect(without).toEqual([]);
    expect(known.filter((row) => !managed.some((each) => isOf(row, each)))).toEqual([]);
    expect(beside.filter((row) => !bridges().some(({ bridge }) => row.bridge.test(bridge)))).toEqual([]);
  });

  test(
    "is none at first",
    async () => {
      await works();
      await noDrift();
    },
    5 * minutes,
  );

  test.each(rounds)(
    "is shown by a line for each change by hand, and repaired: %s",
    async (round) => {
      const edits = editsOf(round);
      for (const host of ["one", "lan"]) {
        const script = edits.filter((each) => each.host === host).map(({ edit }) => `{ ${edit}; } || :`);
        if (script.length > 0) await lab.sh(host, script.join("\n"));
      }
      const drift = await stack.drift();
      const shown = shownIn(drift.output);
      const missed = edits.filter(({ resource, line }) => !shown.get(resource)?.some((each) => each.includes(line)));
      await stack.up(spec, "--refresh");
      expect(missed.map((each) => ({ ...each, shown: shown.get(each.resource) }))).toEqual([]);
      await noDrift();
      await soon(works);
    },
    20 * minutes,
  );

  test(
    "is none after an isolated bridge with machines goes from tenant to none, and back",
    async () => {
      const stolen = "ip addr add 10.7.0.99/24 dev host0; ping -n -c2 -W1 -I 10.7.0.99 10.7.0.7 | grep -c bytes.from || :; ip addr del 10.7.0.99/24 dev host0";
      // Its root takes the host for a router.
      const past = `ip route add ${clientAddress.ipv4} via 10.7.0.1 dev host0 onlink; ip neigh replace 10.7.0.1 lladdr $(cat /run/alone) dev host0; ping -n -c2 -W1 ${clientAddress.ipv4} | grep -c bytes.from || :; ip route del ${clientAddress.ipv4}`;
      const seen = async (): Promise<string[]> => {
        await lab.sh("one", "cat /sys/class/net/alone/address >/run/alone");
        return [await inside("near", stolen), await inside("near", past)].map((text) => text.trim());
      };
      expect(await seen()).toEqual(["0", "0"]);
      const open: Spec = { ...spec, bridges: { ...spec.bridges, alone: { ...alone, isolation: "none" } } };
      await stack.up(open);
      await soon(works);
      expect(await seen()).toEqual(["2", "0"]);
      expect(await lab.sh("one", "bridge -d link show dev vb-near")).toMatch(/learning on/);
      await noDrift();
      await stack.up(spec);
      await soon(works);
      expect(await seen()).toEqual(["0", "0"]);
      await noDrift();
    },
    15 * minutes,
  ); // prettier-ignore

  test(
    "leaves no rule behind of a bridge that goes",
    async () => {
      const { priv: _, ...bridges } = spec.bridges;
      const also = web.also?.filter(({ bridge }) => bridge !== "priv");
      await stack.up({ ...spec, bridges, machines: { ...spec.machines, web: { ...web, also } } });
      expect(await lab.sh("one", "ip rule; ip -6 rule")).not.toContain("priv");
      expect((await lab.sh("one", "ls /sys/class/net")).split(/\s+/)).not.toContain("priv");
      await noDrift();
    },
    8 * minutes,
  );
});
