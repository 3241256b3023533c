import { obstacles } from "../../../provider/observe/netfilter/obstacles";
import { parseNetfilter } from "../../../provider/observe/netfilter/parse-netfilter";
import type { Netfilter } from "../../../provider/observe/netfilter/ruleset";
import type { Traffic } from "../../../provider/observe/netfilter/traffic";
import { allowed, docker, ufw } from "./rulesets";

const read = (texts: Record<string, string>): Netfilter => parseNetfilter((name) => texts[name] ?? "");
const routed: Traffic = { link: "br0", uplink: "eth0", families: ["ipv4", "ipv6"], bridged: false };
const texts = (netfilter: Netfilter, changes: Partial<Traffic> = {}): string[] =>
  obstacles({ ...routed, ...changes }, netfilter).map(({ text }) => text);
const advices = (netfilter: Netfilter, changes: Partial<Traffic> = {}): string[] => [
  ...new Set(obstacles({ ...routed, ...changes }, netfilter).map(({ advice }) => advice)),
];

describe("what iptables' rules of others do to machines' traffic", () => {
  it("is nothing without rules, and nothing by policies that accept", () => {
    expect(texts(read({}))).toEqual([]);
    expect(texts(read({ "legacy.ip": "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n" }))).toEqual([]);
  });

  it.each(["iptables.ip", "legacy.ip"])("is all that Docker's policy drops (%s)", (fact) => {
    const who = fact === "legacy.ip" ? "iptables-legacy, " : "";
    const place = `${who}table ip filter, chain FORWARD, policy drop`;
    expect(texts(read({ [fact]: docker }))).toEqual([
      `IPv4 to machines on br0: ${place}`,
      `IPv4 answers of machines on br0: ${place}`,
      `IPv4 from machines on br0: ${place}`,
      `IPv4 answers to machines on br0: ${place}`,
    ]);
    const program = fact === "legacy.ip" ? "iptables-legacy" : "iptables";
    expect(advices(read({ [fact]: docker }))).toEqual([
      `add ${program} -I DOCKER-USER -o br0 -j ACCEPT; ${program} -I DOCKER-USER -i br0 -j ACCEPT (and have them again after a reboot)`,
    ]);
  });

  it("is nothing any more with what was advised", () => {
    const mended = allowed(docker, "DOCKER-USER", "-o br0 -j ACCEPT", "-i br0 -j ACCEPT");
    expect(texts(read({ "iptables.ip": mended }))).toEqual([]);
    const oneWay = allowed(docker, "DOCKER-USER", "-o br0 -j ACCEPT");
    expect(texts(read({ "iptables.ip": oneWay }))).toEqual([
      "IPv4 answers of machines on br0: table ip filter, chain FORWARD, policy drop",
      "IPv4 from machines on br0: table ip filter, chain FORWARD, policy drop",
    ]);
  });

  it("is what ufw does not forward, while a ping passes", () => {
    const place = "table ip filter, chain FORWARD, policy drop";
    const found = read({ "iptables.ip": ufw });
    expect(texts(found)).toEqual([
      `TCP and UDP over IPv4 to machines on br0: ${place}`,
      `TCP and UDP over IPv4 from machines on br0: ${place}`,
    ]);
    expect(advices(found)).toEqual(["ufw route allow out on br0; ufw route allow in on br0"]);
    expect(texts(read({ "iptables.ip": allowed(ufw, "ufw-user-forward") }))).toHaveLength(2);
  });

  it("is what machines ask the host's DHCP server, where it leases their addresses", () => {
    const input = (...rules: string[]): Netfilter =>
      read({
        "iptables.ip": `*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\n${rules.map((rule) => `-A INPUT ${rule} -j ACCEPT\n`).join("")}COMMIT\n`,
      });
    const leases = { link: "nat0", families: ["ipv4" as const], leases: true };
    expect(texts(input("-p tcp --dport 22"), leases)).toEqual([
      "DHCP of machines on nat0, who get no IPv4 address: table ip filter, chain INPUT, policy drop",
    ]);
    expect(advices(input(), leases)).toEqual([
      "add iptables -I INPUT -i nat0 -p udp --dport 67 -j ACCEPT (and have them again after a reboot)",
    ]);
    expect(texts(input("-i nat0 -p udp --dport 67"), leases)).toEqual([]);
    expect(texts(input(), { ...leases, leases: undefined })).toEqual([]);
  });

  it("concerns the families that a network has", () => {
    const six = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n";
    expect(texts(read({ "legacy.ip6": six }), { families: ["ipv4"] })).toEqual([]);
    expect(texts(read({ "legacy.ip6": six }), { families: ["ipv6"] })[0]).toBe(
      "IPv6 to machines on br0: iptables-legacy, table ip6 filter, chain FORWARD, policy drop",
    );
  });

  it("is neighbour discovery that the host does not hear", () => {
    const input =
      "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n";
    const found = read({ "iptables.ip6": input });
    const place = "table ip6 filter, chain INPUT, policy drop";
    expect(texts(found)).toEqual([`neighbour discovery on eth0: ${place}`, `neighbour discovery on br0: ${place}`]);
    expect(advices(found)).toEqual([
      "add ip6tables -I INPUT -p ipv6-icmp --icmpv6-type neighbour-solicitation -j ACCEPT; ip6tables -I INPUT -p ipv6-icmp --icmpv6-type neighbour-advertisement -j ACCEPT (and have them again after a reboot)",
    ]);
    const mended = input.replace("-A INPUT -p tcp", "-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT -p tcp");
    expect(texts(read({ "iptables.ip6": mended }))).toEqual([]);
  });

  it("is an address that is translated", () => {
    const nat = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n";
    const found = read({ "legacy.ip": nat });
    expect(texts(found)).toEqual([
      'IPv4 from machines on br0 is translated: iptables-legacy, table ip nat, chain POSTROUTING, rule "-o eth0 -j MASQUERADE"',
    ]);
    expect(advices(found, { addresses: ["198.51.100.7", "2001:db8::7"] })).toEqual([
      "nothing of ours is translated, so leave machines' addresses out: add iptables-legacy -t nat -I POSTROUTING -s 198.51.100.7 -j ACCEPT (and have them again after a reboot)",
    ]);
    const mended = allowed(nat, "POSTROUTING", "-s 198.51.100.7/32 -j ACCEPT");
    expect(texts(read({ "legacy.ip": mended }), { addresses: ["198.51.100.7"] })).toEqual([]);
    // A network of somebody else's containers.
    expect(
      texts(read({ "legacy.ip": nat.replace("-o eth0", "-s 172.17.0.0/16 ! -o docker0") }), {
        addresses: ["198.51.100.7"],
      }),
    ).toEqual([]);
  });

  it("is nothing where it depends on what nobody knows", () => {
    const some = (rule: string): string =>
      `*filter\n:FORWARD DROP [0:0]\n-A FORWARD ${rule}\n-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i br0 -j ACCEPT\nCOMMIT\n`;
    expect(texts(read({ "legacy.ip": some("-p tcp -m tcp --dport 443 -j ACCEPT") }))).toEqual([]);
    expect(texts(read({ "legacy.ip": some("-m set --match-set good src -j ACCEPT") }))).toEqual([]);
    // Nobody outside has a private address.
    expect(texts(read({ "legacy.ip": some("-s 10.0.0.0/8 -j ACCEPT") }))).toHaveLength(1);
    // A name that looks like the end of a rule.
    expect(texts(read({ "legacy.ip": some('-m comment --comment "x -j ACCEPT" -p tcp -j DROP') }))).toHaveLength(1);
  });

  it("is what is bridged, when br_netfilter shows it to the chains of IP", () => {
    const lan = { bridged: true, families: ["ipv4"] as ("ipv4" | "ipv6")[] };
    expect(texts(read({ "iptables.ip": docker }), lan)).toEqual([]);
    const seen = read({ "iptables.ip": docker, bridged: "bridge-nf-call-iptables\t1\nbridge-nf-call-ip6tables\t0\n" });
    expect(texts(seen, lan)[0]).toBe("IPv4 to machines on br0: table ip filter, chain FORWARD, policy drop");
  });

  it("says what could not be read", () => {
    expect(read({ ruleset: "{" }).unread).toEqual(["the rules of nft"]);
    expect(read({ "ruleset.unread": "rules of x\n" }).unread).toEqual(["rules of x"]);
  });

  it("ends, whatever the chains say", () => {
    const loop =
      "*filter\n:FORWARD DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n-A FORWARD -j A\n-A A -j B\n-A B -j A\n-A B -g B\nCOMMIT\n";
    expect(texts(read({ "legacy.ip": loop }))).toEqual([]);
  });
});
