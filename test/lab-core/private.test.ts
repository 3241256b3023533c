import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkMember } from "../../lab/backend";
import { asset } from "../../lab/core/places";
import { gatewayOf, memberBatch, memberFilter, privateDhcpConfig } from "../../lab/network/private";
import { hotplugFiles } from "../../lab/servers/hotplug";
import { networkConfig, resolvConf } from "../../lab/servers/seed";
import { asRoot } from "../support/run-script";

const member = (server: number, ip: string, aliasIps: string[] = []): NetworkMember => ({
  ...{ server, ip, aliasIps, subnet: "10.0.1.0/24" },
  macAddress: `86:00:00:00:00:0${server}`,
});
const [one, two] = [member(1, "10.0.1.7", ["10.0.1.70"]), member(2, "10.0.1.1")];
const network = { ipRange: "10.0.0.0/16", routes: [{ destination: "10.0.9.0/24", gateway: "10.0.1.7" }] };

test("the gateway of a network is its first address, whatever its subnets are", () => {
  expect([gatewayOf("10.0.0.0/16"), gatewayOf("192.168.4.0/24")]).toEqual(["10.0.0.1", "192.168.4.1"]);
});

test("the router knows each server by its MAC address, and what lies behind it", () => {
  expect(memberBatch(network, one)).toBe(`addr replace 10.0.0.1/32 dev srv1
link set srv1 mtu 1450 up
neigh replace 10.0.1.7 lladdr 86:00:00:00:00:01 nud permanent dev srv1
route replace 10.0.1.7/32 dev srv1 src 10.0.0.1
route replace 10.0.1.70/32 via 10.0.1.7 dev srv1
route replace 10.0.9.0/24 via 10.0.1.7 dev srv1
`);
  expect(memberBatch(network, two)).not.toContain("10.0.9.0");
});

test("DHCP gives a /32, the way to the network by its gateway, and no other", () => {
  const lines = privateDhcpConfig(network, "/hosts", "/leases").split("\n");
  expect(lines).toContain("dhcp-option=option:classless-static-route,10.0.0.1/32,0.0.0.0,10.0.0.0/16,10.0.0.1");
  expect(lines).toContain("dhcp-option=option:mtu,1450");
  expect(lines).toContain("dhcp-option=option:router");
  expect(lines).toContain("dhcp-range=10.0.0.0,static,255.255.0.0,86400s");
});

test("a server without public addresses has no public interface, and Hetzner's resolvers", () => {
  const server = { id: 7, name: "inner", image: "debian-13", macAddress: "96:00:00:00:00:07", ipv4: null, ipv6: null };
  const spec = { ...server, sshKeys: [], userData: "", createdAt: "" };
  expect(networkConfig(spec)).toEqual({ version: 1, config: [] });
  expect(resolvConf(spec)).toBe("nameserver 185.12.64.1\nnameserver 185.12.64.2\n");
});

test("an interface that appears is configured by what the release has as its DHCP client", () => {
  const of = (image: string) => Object.values(hotplugFiles(image)).map(({ text }) => text).join("\n"); // prettier-ignore
  expect([of("debian-12").includes("dhclient -1 -4"), of("debian-13").includes("dhcpcd -B -4")]).toEqual([true, true]);
  expect(of("debian-13-netplan")).toContain("DHCP=ipv4");
});

asRoot("the router of a private network (needs root: network namespaces)", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "pulumi-nspawn-private-"));
    for (const each of [one, two]) {
      writeFileSync(join(dir, `srv${each.server}.ip`), memberBatch(network, each));
      writeFileSync(join(dir, `srv${each.server}.nft`), memberFilter(network, each));
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** Two servers on it; the interface is configured as DHCP would. */
  const inServers = (text: string): string => {
    const cable = (space: string, { server, macAddress }: NetworkMember): string =>
      `bash ${asset("private-cable.sh")} ${dir} net-9 srv${server} ${space} enp7s0 ${macAddress}`;
    const frame = `set -e
mount -t tmpfs run /run; mkdir /run/netns; mount -t tmpfs netns /run/netns
ip netns add one; ip netns add two
bash ${asset("private-network.sh")} ${dir} net-9
${cable("one", one)}; ${cable("two", two)}
one() { ip netns exec one "$@"; }
two() { ip netns exec two "$@"; }
up() { ip -n "$1" link set lo up; ip -n "$1" addr add "$2/32" dev enp7s0; ip -n "$1" link set enp7s0 up; ip -n "$1" route add 10.0.0.1 dev enp7s0; ip -n "$1" route add 10.0.0.0/16 via 10.0.0.1; }
up one 10.0.1.7; up two 10.0.1.1
from() { one ip addr replace "$1/32" dev lo; one ping -n -c1 -W1 -I "$1" 10.0.1.1 >/dev/null && echo yes || echo no; }
${text}`; // prettier-ignore
    const { stdout, stderr } = spawnSync(
      "unshare",
      ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "bash", "-c", frame],
      { encoding: "utf8" },
    ); // prettier-ignore
    return stdout.trim() || stderr;
  };

  test("carries packets of 1450 bytes from server to server, itself in between", () => {
    const seen = inServers(`one ping -n -c1 -W1 -M do -s 1422 10.0.1.1; one ping -n -c1 -W1 -t1 10.0.1.1 || :
one ping -n -c1 -W1 -M do -s 1423 10.0.1.1 2>&1 || :`);
    expect(seen).toMatch(/1 received[\s\S]*From 10\.0\.0\.1 .*Time to live exceeded[\s\S]*(too long|mtu=1450)/);
  });

  test("answers for nobody but the gateway: no layer 2 between servers", () => {
    expect(inServers("two ip route add 10.0.1.7/32 dev enp7s0; two ping -n -c1 -W1 10.0.1.7 || :")).toContain(
      "0 received",
    );
  });

  test("takes a server's own address, its aliases, and networks whose route leads to it; nothing else", () => {
    const sources = ["10.0.1.7", "10.0.1.70", "10.0.9.5", "10.0.1.99", "10.0.8.5"];
    expect(inServers(sources.map((source) => `from ${source}`).join("\n")).split("\n")).toEqual([
      ...["yes", "yes", "yes", "no", "no"],
    ]);
  });
});
