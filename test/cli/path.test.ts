import { exitCodeOf, describe as described, finding, unseen } from "../../cli/doctor/finding";
import { pathOf } from "../../cli/doctor/path";
import { found, goodAnswers, machine, off, unit } from "./host";

const failed = (changes: Record<string, string | undefined>, of = machine()) =>
  pathOf(of, found(changes))
    .filter(({ ok }) => ok === false)
    .map(({ hop, subject, seen }) => `${hop} ${subject}: ${seen}`);

const changed = (name: string, from: string, to: string) => ({ [name]: goodAnswers()[name]!.replace(from, to) });
const failedUnit = { ...off, units: unit("failed"), "path.journal.web": "0\nfirst line\nsecond line" };

describe("the path to a machine", () => {
  test("is in order, hop by hop, in the packet's order", () => {
    const hops = pathOf(machine(), found());
    expect(hops.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(hops.every(({ advice }) => advice === undefined)).toBe(true);
    expect([...new Set(hops.map(({ hop }) => hop))]).toEqual([
      "assignment",
      "uplink",
      "uplink answers",
      "forwarding",
      "others' filters",
      "bridge",
      "filter",
      "route",
      "route out",
      "port",
      "machine",
      "guest address",
      "guest route",
      "guest firewall",
      "guest gateway",
      "guest answer",
    ]);
  });

  test("leads on to its subnets", () => {
    const subnet = "2001:db8:1:0:5::/80";
    const of = machine((resources) => {
      const { inputs } = resources.find(({ type }) => type.endsWith("NspawnMachine"))!;
      for (const network of inputs!.networks as object[]) Object.assign(network, { subnets: [{ subnet }] });
    });
    const route = (dev: string) => ({
      route6: JSON.stringify([
        { dst: "default", dev: "eth0" },
        { dst: subnet, dev },
      ]),
    });
    expect(failed({}, of)).toEqual([`route ${subnet}: no route`]);
    expect(failed(route("eth0"), of)).toEqual([`route ${subnet}: goes to eth0`]);
    expect(failed(route("br0"), of)).toEqual([]);
    // Where the host answers for all of them on the uplink, by a service.
    const answered = { ...of, neighbourProxy: "ndppd" as const };
    const service = (state: string) => `${goodAnswers().units}\nId=pulumi-nspawn-ndppd.service\nActiveState=${state}\n`;
    expect(failed({ ...route("br0"), units: service("active") }, answered)).toEqual([]);
    expect(failed({ ...route("br0"), units: service("failed") }, answered)).toEqual([
      `uplink answers ${subnet}: ndppd, which answers for it, is failed`,
    ]);
  });

  test("leads by the machine's own cable, where it has one", () => {
    const of = machine((resources) => {
      const { inputs } = resources.find(({ type }) => type.endsWith("NspawnMachine"))!;
      for (const network of inputs!.networks as object[]) Object.assign(network, { attach: "veth" });
    });
    const cable = {
      ...changed("links", '"vb-web"', '"ve-web"'),
      ...changed("path.route.198.51.100.7", "br0", "ve-web"),
      ...changed("path.route.2001_db8_f__7", "br0", "ve-web"),
    };
    expect(failed(cable, of)).toEqual(["port ve-web: is up, a port of br0"]);
    expect(failed({ ...cable, links: cable.links!.replace(',"master":"br0"', "") }, of)).toEqual([]);
    expect(failed({}, of)).toEqual([
      "route 198.51.100.7: goes to br0",
      "route 2001:db8:f::7: goes to br0",
      "port ve-web: there is no such interface",
    ]);
    // A cable is there only while its machine runs.
    const stopped = machine((resources) => {
      const { inputs } = resources.at(-1)!;
      Object.assign(inputs!, { running: false });
      for (const network of inputs!.networks as object[]) Object.assign(network, { attach: "veth" });
    });
    expect(failed({ ...off, units: unit("inactive") }, stopped)).toEqual([]);
  });

  test.each<[string, Record<string, string | undefined>, string[]]>([
    ["an uplink that is down", changed("links", '"UP","LOWER_UP"', '"DOWN"'), ["uplink eth0: is down"]],
    ["no IPv4 proxy", { proxy4: "[]" }, ["uplink answers 198.51.100.7: no proxy entry for it on eth0"]],
    [
      "a proxy on another interface",
      changed("proxy6", '"eth0"', '"eth1"'),
      ["uplink answers 2001:db8:f::7: no proxy entry for it on eth0"],
    ],
    [
      "late answers",
      changed("sysctls", "net.ipv4.neigh.eth0.proxy_delay\t0", "net.ipv4.neigh.eth0.proxy_delay\t80"),
      ["uplink answers 198.51.100.7: proxy_delay is 80 on eth0, so answers come late"],
    ],
    [
      "no neighbour discovery for others",
      changed("sysctls", "proxy_ndp\t1", "proxy_ndp\t0"),
      ["uplink answers 2001:db8:f::7: net.ipv6.conf.all.proxy_ndp is not 1"],
    ],
    [
      "no forwarding",
      changed("sysctls", "net.ipv6.conf.all.forwarding\t1", "net.ipv6.conf.all.forwarding\t0"),
      ["forwarding ipv6: net.ipv6.conf.all.forwarding is 0"],
    ],
    ["a route elsewhere", changed("path.route.198.51.100.7", "br0", "eth0"), ["route 198.51.100.7: goes to eth0"]],
    [
      "no route at all",
      { "path.route.198.51.100.7": "2\nRTNETLINK answers: Network is unreachable" },
      ["route 198.51.100.7: RTNETLINK answers: Network is unreachable (unreachable, or no route)"],
    ],
    [
      "a bridge without the machines' gateway",
      changed("links", "fe80::1", "fe80::2"),
      ["bridge br0: has no fe80::1, the machines' gateway"],
    ],
    ["no bridge", changed("links", '"ifname":"br0"', '"ifname":"br1"'), ["bridge br0: there is no such interface"]],
    ["a port that left", changed("links", '"master":"br0"', '"x":""'), ["port vb-web: is up, a port of no bridge"]],
    ["no port", changed("links", '"vb-web"', '"vb-x"'), ["port vb-web: there is no such interface"]],
    [
      "a machine that is not ready",
      { "path.ready.web": "1\nstarting" },
      ["machine systemd-nspawn@web.service: is active, its service manager says starting"],
    ],
    [
      "a machine that failed",
      failedUnit,
      ["machine systemd-nspawn@web.service: is failed; journal: first line | second line"],
    ],
    [
      "a guest without its address",
      changed("guest.web", "198.51.100.7", "198.51.100.8"),
      ["guest address 198.51.100.7: host0 has 198.51.100.8/32, 2001:db8:f::7/128, fe80::5/128"],
    ],
    [
      "a guest without a default route",
      { "path.out4.web.host0": "2\nRTNETLINK answers: Network is unreachable" },
      ["guest route ipv4: RTNETLINK answers: Network is unreachable"],
    ],
    [
      "a guest that uses another source",
      changed("path.out4.web.host0", "198.51.100.7", "10.0.0.1"),
      ["guest route ipv4: via 203.0.113.5 dev host0 src 10.0.0.1"],
    ],
    [
      "a gateway that is silent",
      { "path.gateway6.web.host0": "1\n100% packet loss" },
      ["guest gateway fe80::1: does not answer a ping"],
    ],
  ])("stops at %s", (_, changes, expected) => {
    expect(failed(changes)).toEqual(expected);
  });

  test("degraded is running: a unit of the guest's own failed", () => {
    expect(failed({ "path.ready.web": "1\ndegraded" })).toEqual([]);
  });

  test("an address that is assigned to another server", () => {
    const moved = machine((resources) => (resources[3]!.outputs!.serverId = 102));
    expect(failed({}, moved)).toEqual([
      'assignment 198.51.100.7: floating address "four" is assigned to server 102, and the machine\'s host is server 101',
    ]);
  });

  test("an address of unknown origin, and a host without ping, are said and are no failure", () => {
    const literal = machine((resources) => void resources.splice(3, 2));
    const hops = pathOf(literal, found({ "path.gateway6.web.host0": "127\nping: not found" }));
    expect(hops.filter(({ ok }) => ok === null).map(({ hop, subject }) => `${hop} ${subject}`)).toEqual([
      "assignment 198.51.100.7",
      "guest gateway fe80::1",
    ]);
  });

  test("inside of a machine that does not run is not judged", () => {
    const dark = pathOf(machine(), found(failedUnit)).filter(({ ok }) => ok === null);
    expect(dark.map(({ hop }) => hop)).toEqual([
      "port",
      "guest address",
      "guest route",
      "guest firewall",
      "guest gateway",
      "guest answer",
      "guest address",
      "guest route",
      "guest firewall",
      "guest gateway",
      "guest answer",
    ]);
  });

  test("of one family alone asks nothing of the other", () => {
    const six = machine((resources) => {
      const network = (resources.at(-1)!.inputs as any).networks[0];
      network.addresses.shift();
      delete network.gateway4;
    });
    const hops = pathOf(
      six,
      found({ proxy4: "[]", "path.out4.web.host0": "2\nno", "path.gateway4.web.host0": undefined }),
    );
    expect(hops.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(hops.some(({ subject }) => subject === "ipv4")).toBe(false);
  });
});

describe("what is printed", () => {
  test("names the hop where the packet stops, and what to do", () => {
    const text = described(finding(machine(), pathOf(machine(), found({ proxy4: "[]" }))));
    expect(text).toContain("web on host-1");
    expect(text).toContain("stops at: uplink answers (198.51.100.7)");
    expect(text).toContain("pulumi up --refresh");
    expect(text).toContain("Destination Host Unreachable");
  });

  test("exit codes: 0 in order, 1 a hop failed, 3 could not look; a failed hop wins", () => {
    const good = finding(machine(), pathOf(machine(), found()));
    const bad = finding(machine(), pathOf(machine(), found({ proxy4: "[]" })));
    const dark = unseen(machine(), "no connection");
    expect([exitCodeOf([]), exitCodeOf([good]), exitCodeOf([good, bad]), exitCodeOf([good, dark])]).toEqual([
      0, 0, 1, 3,
    ]);
    expect(exitCodeOf([dark, bad])).toBe(1);
    expect(described(dark)).toContain("could not look: no connection");
  });
});
