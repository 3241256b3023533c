import { randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { obstacles, type Obstacle } from "../../../provider/observe/netfilter/obstacles";
import type { Traffic } from "../../../provider/observe/netfilter/traffic";
import { parseFacts } from "../../../provider/observe/facts/parse-facts";
import { rawFacts } from "../../../provider/remote/raw-facts";
import { asRoot, Place } from "../../support/run-script";
import { firewalld } from "./rulesets";

const namespace = `pn-${randomBytes(4).toString("hex")}`;
const routed: Traffic = { link: "br0", uplink: "eth0", families: ["ipv4", "ipv6"], bridged: false };

/** The kernel's own nftables, as the program on a host reads it. */
asRoot("what nftables of others does to machines' traffic", () => {
  const place = new Place({}, namespace);
  // The braces of nft(8) 1.0.6 want lines of their own.
  const lines = (text: string): string => text.replace(/\}\s*(?=\})/g, "}\n");
  const nft = (text: string): void => {
    execFileSync("ip", ["netns", "exec", namespace, "nft", "-f", "-"], { input: `flush ruleset\n${lines(text)}` });
  };
  beforeAll(() => {
    execFileSync("ip", ["netns", "add", namespace]);
  });
  afterAll(() => {
    execFileSync("ip", ["netns", "del", namespace]);
    place.remove();
  });

  // Which number a rule has is the kernel's business.
  const named = (text: string): string => text.replace(/handle \d+/, "handle N");
  const look = async (text: string, changes: Partial<Traffic> = {}): Promise<Obstacle[]> => {
    nft(text);
    const report = await place.run([{ verb: "facts", key: "-" }]);
    const facts = parseFacts(rawFacts(report)!);
    expect(facts.netfilter.unread).toEqual([]);
    return obstacles({ ...routed, ...changes }, facts.netfilter);
  };
  const texts = async (text: string, changes: Partial<Traffic> = {}): Promise<string[]> =>
    (await look(text, changes)).map((one) => named(one.text));

  const base = (hook: string, rules = "", policy = "drop"): string =>
    `chain ${hook} { type filter hook ${hook} priority 0; policy ${policy}; ${rules}\n}`;

  it("is all that a policy drops, with what to add; and nothing after that", async () => {
    const found = await look(
      `table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;\n} }`,
    );
    expect(found[0]).toEqual({
      text: "IPv4 to machines on br0: table ip filter, chain FORWARD, policy drop",
      advice:
        'add nft insert rule ip filter FORWARD oifname "br0" accept; nft insert rule ip filter FORWARD iifname "br0" accept (and the same where these rules are loaded from, such as /etc/nftables.conf)',
    });
    const lines = found[0]!.advice.matchAll(/nft (insert rule [^;(]*[^;( ])/g);
    const mended = [...lines].map(([, line]) => line).join("\n");
    expect(
      await texts(
        `table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;\n} }\n${mended}`,
      ),
    ).toEqual([]);
  });

  it.each<[string, string, Partial<Traffic>, string[]]>([
    [
      "of both families in one table",
      `table inet fw { ${base("forward", "ct state established,related accept")} }`,
      {},
      [
        "IPv4 to machines on br0: table inet fw, chain forward, policy drop",
        "IPv4 from machines on br0: table inet fw, chain forward, policy drop",
        "IPv6 to machines on br0: table inet fw, chain forward, policy drop",
        "IPv6 from machines on br0: table inet fw, chain forward, policy drop",
      ],
    ],
    [
      "of one family by a rule",
      `table inet fw { ${base("forward", 'meta nfproto ipv6 oifname "br*" counter drop', "accept")} }`,
      {},
      [
        "IPv6 to machines on br0: table inet fw, chain forward, rule with handle N",
        "IPv6 answers to machines on br0: table inet fw, chain forward, rule with handle N",
      ],
    ],
    [
      "before it is routed",
      `table ip raw { ${base("prerouting", 'iifname { "eth0", "eth1" } meta l4proto { tcp, udp } drop', "accept")} }`,
      {},
      [
        "TCP and UDP over IPv4 to machines on br0: table ip raw, chain prerouting, rule with handle N",
        "TCP and UDP over IPv4 answers to machines on br0: table ip raw, chain prerouting, rule with handle N",
      ],
    ],
    [
      "by a chain that a map leads to",
      `table ip t { chain away { drop\n}\n ${base("forward", "ct state vmap { invalid : drop, new : jump away, established : accept }", "accept")} }`,
      {},
      [
        "IPv4 to machines on br0: table ip t, chain away, rule with handle N",
        "IPv4 from machines on br0: table ip t, chain away, rule with handle N",
      ],
    ],
    [
      "neighbour discovery, coming in",
      `table inet filter { ${base("input", "ct state established,related accept; iif lo accept; tcp dport 22 accept; ip protocol icmp accept")} }`,
      {},
      [
        "neighbour discovery on eth0: table inet filter, chain input, policy drop",
        "neighbour discovery on br0: table inet filter, chain input, policy drop",
      ],
    ],
    [
      "neighbour discovery, going out by one link",
      `table ip6 filter { ${base("output", 'oifname != "eth0" accept')} }`,
      {},
      ["neighbour discovery on eth0: table ip6 filter, chain output, policy drop"],
    ],
    [
      "ARP",
      `table arp filter { ${base("input", 'iifname "br0" accept')} }`,
      {},
      ["ARP on eth0: table arp filter, chain input, policy drop"],
    ],
    [
      "at the ports of the bridge",
      `table bridge filter { ${base("input", "ether type { ip6, arp } accept")} }`,
      {},
      [
        "IPv4 answers of machines on br0: table bridge filter, chain input, policy drop",
        "IPv4 from machines on br0: table bridge filter, chain input, policy drop",
      ],
    ],
    [
      "of a LAN in the bridge",
      `table bridge filter { ${base("forward", "ether type != ip6 accept")} }`,
      { bridged: true },
      [
        "IPv6 to machines on br0: table bridge filter, chain forward, policy drop",
        "IPv6 answers of machines on br0: table bridge filter, chain forward, policy drop",
        "IPv6 from machines on br0: table bridge filter, chain forward, policy drop",
        "IPv6 answers to machines on br0: table bridge filter, chain forward, policy drop",
      ],
    ],
    [
      "of cables",
      `table ip filter { ${base("forward", 'oifname "br0" accept; iifname "ve-*" accept')} }`,
      { link: "ve-web", families: ["ipv4"] },
      [
        "IPv4 to machines: table ip filter, chain forward, policy drop",
        "IPv4 answers to machines: table ip filter, chain forward, policy drop",
      ],
    ],
    ["by a table of ours", `table inet pulumi-nspawn-br1 { ${base("forward")} }`, {}, []],
    ["in a table that is asleep", `table ip filter { flags dormant\n ${base("forward")} }`, {}, []],
    [
      "by lists of addresses, rates, ports and marks",
      `table inet f { set bad { type ipv4_addr; elements = { 203.0.113.9 } }
        ${base("forward", "ip saddr @bad drop; ct state invalid drop; limit rate over 10000/second drop; tcp flags & (fin | syn) == fin | syn drop; meta mark 7 accept; fib saddr . iif oif missing drop")} }`,
      {},
      [],
    ],
  ])("%s", async (_name, text, changes, expected) => {
    expect(await texts(text, changes)).toEqual(expected);
  });

  it("is what firewalld rejects, with its own words for what to do", async () => {
    const found = await look(firewalld);
    expect(found.map(({ text }) => named(text))).toEqual([
      "IPv4 to machines on br0: table inet firewalld, chain filter_FWD_public, rule with handle N",
      "IPv6 to machines on br0: table inet firewalld, chain filter_FWD_public, rule with handle N",
    ]);
    expect(found[0]!.advice).toContain("firewall-cmd --permanent --zone=trusted --add-interface=br0");
  });

  it("is an address that is translated, unless machines are left out", async () => {
    const nat = (rule: string): string =>
      `table ip nat { chain post { type nat hook postrouting priority 100; ${rule}\noifname "eth0" masquerade\n} }`;
    expect(await texts(nat(""), { addresses: ["198.51.100.7"] })).toEqual([
      "IPv4 from machines on br0 is translated: table ip nat, chain post, rule with handle N",
    ]);
    expect(await texts(nat("ip saddr 198.51.100.0/24 accept"), { addresses: ["198.51.100.7"] })).toEqual([]);
  });
});
