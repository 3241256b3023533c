import { describe as described, finding } from "../../cli/doctor/finding";
import { pathOf } from "../../cli/doctor/path";
import { found, goodAnswers, machine, off, unit } from "./host";

/** The one hop that is broken, and how many are not judged because of it. */
function broken(changes: Record<string, string | undefined>, of = machine()): [string[], string[]] {
  const hops = pathOf(of, found(changes));
  const of_ = (wanted: boolean | null) => hops.filter(({ ok }) => ok === wanted);
  return [
    of_(false).map(({ hop, subject, seen }) => `${hop} ${subject}: ${seen}`),
    of_(null).map(({ hop, subject }) => `${hop} ${subject}`),
  ];
}

const verdict = (changes: Record<string, string | undefined>, of = machine()) =>
  described(finding(of, pathOf(of, found(changes))))
    .split("\n")
    .at(-1);
const noAnswer = "1\n1 packets transmitted, 0 received, 100% packet loss";
const stopped = () => machine((resources) => ((resources.at(-1)!.inputs as any).running = false));
const down = {
  ...off,
  units: unit("inactive"),
  "path.ping.198.51.100.7": noAnswer,
  "path.ping.2001_db8_f__7": noAnswer,
};

describe("a machine that is stopped by declaration", () => {
  test("is in order, and nothing inside of it is asked for", () => {
    expect(broken(down, stopped())).toEqual([[], []]);
    expect(verdict(down, stopped())).toContain("stopped, as the program has it");
    expect(finding(stopped(), pathOf(stopped(), found(down)))).toMatchObject({ ok: true, wanted: "stopped" });
  });
  test("and yet runs, is named", () => {
    expect(broken({}, stopped())[0]).toEqual([
      "machine systemd-nspawn@web.service: is active, its service manager says running, although the program has running: false",
    ]);
  });
  test("of what it needs when it starts, what is broken is named", () => {
    expect(broken({ ...down, proxy4: "[]" }, stopped())[0]).toEqual([
      "uplink answers 198.51.100.7: no proxy entry for it on eth0",
    ]);
  });
  test("where the program has it running, is the one that is broken", () => {
    expect(broken(down)[0]).toEqual(["machine systemd-nspawn@web.service: is inactive"]);
  });
});

test("a machine that is ready when it is started may still be starting", () => {
  const early = machine((resources) => ((resources.at(-1)!.inputs as any).readyWhen = "started"));
  expect(broken({ "path.ready.web": "1\nstarting" }, early)).toEqual([[], []]);
});

describe("the filter", () => {
  const lost = {
    "path.gateway4.web.host0": noAnswer,
    "path.gateway6.web.host0": noAnswer,
    "path.ping.198.51.100.7": noAnswer,
  };
  test.each([
    ["", "has no file on the host"],
    ["br0\tabsent", "is not loaded"],
    ["br0\tchanged", "is not what its file says"],
    ["br01\tloaded", "has no file on the host"],
  ])("%j is one hop, and explains what gets lost behind it", (filters, seen) => {
    const [first, dark] = broken({ filters, ...lost });
    expect(first).toEqual([expect.stringContaining(`filter pulumi-nspawn-br0: ${seen}`)]);
    expect(dark).toEqual(["guest gateway 203.0.113.5", "guest answer 198.51.100.7", "guest gateway fe80::1"]);
  });
  test("is none on a bridge without isolation", () => {
    const open = machine((resources) => ((resources.at(-1)!.inputs as any).networks[0].isolation = "none"));
    expect(broken({ filters: "" }, open)).toEqual([[], []]);
  });
});

describe("a rule of the kernel", () => {
  const refused = "2\nRTNETLINK answers: Invalid argument";
  const rules = (name: string, line: string) => ({ [name]: `${goodAnswers()[name]}\n100:\t${line}` });
  test.each([
    ["path.out.198.51.100.7", "path.rules4", "route out 198.51.100.7", "from 198.51.100.7 blackhole"],
    ["path.out.2001_db8_f__7", "path.rules6", "route out 2001:db8:f::7", "from 2001:db8:f::7 blackhole"],
    ["path.route.198.51.100.7", "path.rules4", "route 198.51.100.7", "from all to 198.51.100.7 blackhole"],
    ["path.route.2001_db8_f__7", "path.rules6", "route 2001:db8:f::7", "from all iif eth0 blackhole"],
  ])("against %s is named at one hop", (name, list, hop, line) => {
    expect(broken({ [name]: refused, ...rules(list, line) })).toEqual([
      [`${hop}: RTNETLINK answers: Invalid argument (blackhole); ip rule has: 100: ${line}`],
      [],
    ]);
  });
  test("against both ways is one hop", () => {
    const both = { "path.route.198.51.100.7": refused, "path.out.198.51.100.7": refused };
    expect(broken(both)[0]).toEqual(["route 198.51.100.7: RTNETLINK answers: Invalid argument (blackhole)"]);
    expect(broken(both)[1]).toEqual(["route out 198.51.100.7"]);
  });
  test("that sends what leaves back inside is named, and a second uplink is not", () => {
    const by = (dev: string) => ({ "path.out.198.51.100.7": `0\n[{"dst":"8.8.8.8","dev":"${dev}"}]` });
    expect(broken(by("br0"))[0]).toEqual(["route out 198.51.100.7: goes by br0"]);
    expect(broken(by("eth1"))).toEqual([[], []]);
  });
  test("is not to blame where nothing is forwarded", () => {
    const none4 = goodAnswers().sysctls!.replace("net.ipv4.ip_forward\t1", "net.ipv4.ip_forward\t0");
    const none = "2\nRTNETLINK answers: No route to host";
    expect(broken({ sysctls: none4, "path.route.198.51.100.7": none, "path.out.198.51.100.7": none })[0]).toEqual([
      "forwarding ipv4: net.ipv4.ip_forward is 0",
    ]);
  });
  test("of the guest's own explains its silence", () => {
    const guest = {
      "path.out4.web.host0": refused,
      "path.gateway4.web.host0": noAnswer,
      "path.ping.198.51.100.7": noAnswer,
    };
    expect(broken(guest)[0]).toEqual(["guest route ipv4: RTNETLINK answers: Invalid argument"]);
  });
});

describe("a guest's own firewall", () => {
  const silent = {
    "path.gateway4.web.host0": noAnswer,
    "path.gateway6.web.host0": noAnswer,
    "path.ping.198.51.100.7": noAnswer,
    "path.ping.2001_db8_f__7": noAnswer,
  };
  const silent4 = { "path.gateway4.web.host0": noAnswer, "path.ping.198.51.100.7": noAnswer };
  const nft = (...lines: string[]) => ({ "path.firewall.web": `${lines.join("\n")}` });
  const chain = (table: string, hook: string, policy: string, ...more: string[]) =>
    nft(
      `table ${table} {`,
      `\tchain ${hook} {`,
      `\t\ttype filter hook ${hook} priority filter; policy ${policy};`,
      ...more,
    );
  const lost4 = "no answer of the gateway comes in, a ping to 198.51.100.7 is not answered";
  const lost6 = "no answer of the gateway comes in, a ping to 2001:db8:f::7 is not answered";

  test("by its policy, in both families, is one hop for each", () => {
    const where = "table inet filter, chain input (policy drop)";
    const [first, dark] = broken({ ...silent, ...chain("inet filter", "input", "drop") });
    expect(first).toEqual([`guest firewall ipv4: ${lost4}: ${where}`, `guest firewall ipv6: ${lost6}: ${where}`]);
    expect(dark).toEqual([
      "guest gateway 203.0.113.5",
      "guest answer 198.51.100.7",
      "guest gateway fe80::1",
      "guest answer 2001:db8:f::7",
    ]);
  });
  test.each<[string, Record<string, string>, string]>([
    ["of one family", chain("ip filter", "output", "drop"), "table ip filter, chain output (policy drop)"],
    ["by a rule", chain("inet f", "input", "accept", "\t\tip protocol icmp drop"), "table inet f, chain input"],
    [
      "by a rule behind a jump",
      chain(
        "ip f",
        "input",
        "accept",
        "\t\tjump mine",
        "\t}",
        "\tchain mine {",
        "\t\tcounter packets 1 bytes 2 reject",
      ),
      "table ip f, chain input",
    ],
    [
      "of iptables over nft",
      chain("ip filter", "input", "accept", '\t\txt target "REJECT"'),
      "table ip filter, chain input",
    ],
    [
      "of iptables-legacy",
      { "path.legacy.web": "family 4\n*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]" },
      "table legacy4 filter, chain INPUT (policy drop)",
    ],
    [
      "of iptables-legacy that the host cannot read",
      { "path.legacy.web": "family 4\nunreadable" },
      "table legacy4, chain INPUT",
    ],
  ])("%s is named", (_, rules, where) => {
    expect(broken({ ...silent4, ...rules })[0]).toEqual([`guest firewall ipv4: ${lost4}: ${where}`]);
  });
  test("that lets pings pass is no failure", () => {
    expect(broken(chain("inet filter", "input", "drop"))).toEqual([[], []]);
  });
  test.each([
    ["forwards nothing, as Docker's", chain("ip filter", "forward", "drop")],
    ["says drop in a comment", chain("inet f", "input", "accept", '\t\tcounter accept comment "no drop here"')],
    [
      "has a map of verdicts in a table behind it",
      {
        "path.firewall.web":
          "0\ntable ip a {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\ntable ip b {\n\t\telements = { 192.0.2.1 : drop }",
      },
    ],
    ["is of the other family", chain("ip6 filter", "input", "drop")],
  ])("is not blamed where it %s", (_, rules) => {
    expect(broken({ ...silent4, ...rules })[0]).toEqual(["guest gateway 203.0.113.5: does not answer a ping"]);
  });
  test("is not blamed for what an earlier hop explains", () => {
    const away = goodAnswers().links!.replace(',"master":"br0"', "");
    expect(broken({ ...silent, ...chain("inet filter", "input", "drop"), links: away })[0]).toEqual([
      "port vb-web: is up, a port of no bridge",
    ]);
  });
  test("is none of a machine that answers no ping by its own setting", () => {
    const [first, dark] = broken({ "path.ping.198.51.100.7": noAnswer, "path.silent4.web": "0\n1" });
    expect([first, dark]).toEqual([[], ["guest answer 198.51.100.7"]]);
    expect(verdict({ "path.ping.198.51.100.7": noAnswer, "path.silent4.web": "0\n1" })).toContain(
      "1 could not be judged",
    );
  });
});

describe("on a macvlan", () => {
  const on = machine((resources) => {
    const given = { bridge: "br0", mode: "isolated", attach: "macvlan", macvlan: "mv-br0", addresses: [] };
    (resources.at(-1)!.inputs as any).networks = [given];
  });
  const link = (ifname: string, more: object) =>
    JSON.stringify({ ifname, ifindex: 9, flags: ["UP"], mtu: 1500, linkinfo: {}, addr_info: [], ...more });
  const links = (...own: string[]) => ({
    links: goodAnswers().links!.replace(/\]\s*$/, [",", own.join(","), "]"].join("")),
  });
  const pair = [link("mv-br0-v1", { master: "br0", link: "mv-br0-v2" }), link("mv-br0-v2", { link: "mv-br0-v1" })];

  test("its wiring is looked at in the place of a port", () => {
    const good = found(links(link("mv-br0", { link: "mv-br0-v2" }), ...pair));
    const hops = pathOf(on, good);
    expect(hops.find(({ hop }) => hop === "macvlan")).toEqual({
      ...{ hop: "macvlan", subject: "mv-br0", ok: true, seen: "is on mv-br0-v2, and mv-br0-v1 is a port of br0" },
    });
    expect(hops.filter(({ hop }) => hop === "port")).toEqual([]);
  });
  test.each([
    ["without it", pair, "there is no mv-br0"],
    ["on another link", [link("mv-br0", { link: "eth0" }), ...pair], "mv-br0 is not on mv-br0-v2"],
    ["down", [link("mv-br0", { link: "mv-br0-v2", flags: [] }), ...pair], "mv-br0 is down"],
    [
      "whose port is none",
      [link("mv-br0", { link: "mv-br0-v2" }), link("mv-br0-v1", {}), pair[1]!],
      "mv-br0-v1 is a port of no bridge",
    ],
  ])("%s, it is the one that is broken", (_, own, seen) => {
    const [wrong] = broken(links(...own), on);
    expect(wrong).toEqual([`macvlan mv-br0: ${seen}`]);
  });
});

describe("on a transparent bridge", () => {
  const lan = machine((resources) => {
    const { inputs, outputs } = resources.at(-1)!;
    (inputs as any).networks = [{ bridge: "br0", mode: "transparent", isolation: "tenant", addresses: [] }];
    Object.assign(outputs!, { ipv4: "192.0.2.205", ipv6: "2001:db8:ffff:2::7" });
  });
  const answers = {
    links: goodAnswers().links!.replace('"ifname":"eth0",', '"ifname":"eth0","master":"br0",'),
    "guest.web": (goodAnswers()["guest.web"] ?? "")
      .replace("198.51.100.7", "192.0.2.205")
      .replace("2001:db8:f::7", "2001:db8:ffff:2::7"),
    "path.out4.web.host0": '0\n[{"dst":"8.8.8.8","gateway":"192.0.2.193","dev":"host0","prefsrc":"192.0.2.205"}]',
    "path.out6.web.host0":
      '0\n[{"dst":"2001:4860:4860::8888","gateway":"fe80::9","dev":"host0","prefsrc":"2001:db8:ffff:2::7"}]',
    "path.ping.192.0.2.205": "0\n1 received",
    "path.ping.2001_db8_ffff_2__7": "0\n1 received",
  };
  test("nothing is routed or answered for, and all is in order", () => {
    expect(broken(answers, lan)).toEqual([[], []]);
    const hops = new Set(pathOf(lan, found(answers)).map(({ hop }) => hop));
    const host = ["uplink", "others' filters", "bridge", "filter", "port", "machine"];
    expect([...hops]).toEqual([
      ...host,
      ...["guest address", "guest route", "guest firewall", "guest gateway", "guest answer"],
    ]);
  });
  test("an uplink that is no port of it is named", () => {
    expect(broken({ ...answers, links: goodAnswers().links }, lan)[0]).toEqual([
      "uplink eth0: is up, a port of no bridge",
    ]);
  });
  test("a LAN's router that keeps silent is not judged", () => {
    expect(broken({ ...answers, "path.gateway4.web.host0": noAnswer }, lan)).toEqual([
      [],
      ["guest gateway 192.0.2.193"],
    ]);
  });
  test("a flushed filter is named", () => {
    expect(broken({ ...answers, filters: "br0\tabsent" }, lan)[0]).toEqual([
      "filter pulumi-nspawn-br0: is not loaded: machines are not kept apart, and may be cut off",
    ]);
  });
});
