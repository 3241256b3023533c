import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import { asRoot } from "../support/run-script";

const vacant = hostFile("steps/vacant.sh");

jest.setTimeout(60_000);

/** The library, and a host: an uplink on a LAN, another bridge, a link to one other end, an address of all. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run
DIR=/run/dir OWNERS=/run/owners TAB="$(printf '\t')" LOGIN="203.0.113.9 40000 192.0.2.205 22"
mkdir -p "$DIR/texts"
LIBRARY=/run/library OWNER=p/s/machine/web
printf 'claim\tkey\tformer\tadopt\trecord\n' >"$DIR/fields"
printf 'claim\tmine\t-\tno\trecord\n' >"$DIR/steps"; printf 'machine\tweb\n' >"$DIR/texts/record"
mkdir -p "$OWNERS/a" /run/etc; cp -a /etc/alternatives /run/etc
fail() { echo "$1: $2"; exit 1; }
ip link set lo up
ip link add eth0 type veth peer name far; ip link set far up; ip link set eth0 up
ip link add br1 type bridge; ip link set br1 up
ip link add tun0 type veth peer name tun1; ip link set tun1 up; ip link set tun0 up
sysctl -qw net.ipv6.conf.all.forwarding=1
ip addr add 192.0.2.205/26 brd + dev eth0
ip addr add 192.0.2.206/26 dev eth0
ip addr add 2001:db8:2::5/56 dev eth0 nodad
ip addr add 198.51.100.1/29 brd 198.51.100.5 dev br1
ip addr add 203.0.113.65/31 dev br1
ip addr add 2001:db8:9::1/127 dev br1 nodad
ip addr add 2001:db8:8::1/128 dev br1 nodad
ip addr add 10.9.0.1 peer 10.9.0.2/32 dev tun0
ip route add default via 192.0.2.193 dev eth0
ip route add local 203.0.113.128/26 dev lo
ip -6 route add local 2001:db8:7::/64 dev lo
${vacant}
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return status === 0 || stdout !== "" ? stdout.trim() : stderr;
}

const asked = (...addresses: string[]): string =>
  `printf '%s\\n' ${addresses.join(" ")} >"$DIR/texts/t"; step_vacant t; echo vacant`;

/** What somebody on this host has, by its record. */
const has = (key: string, owner: string, lines: string): string =>
  `mkdir -p "$OWNERS/${key}"; printf 'owner\\t${owner}\\nobject\\tx\\n${lines}\\n' >"$OWNERS/${key}/record"`;

asRoot("an address of another stack's machine (needs root: a network namespace)", () => {
  const theirs = "machine\\tweb\\naddress\\t203.0.113.200\\naddress\\t2001:db8:1:2::7";

  test.each(["203.0.113.200", "2001:db8:1:2::7"])("is not given away: %s", (address) => {
    expect(shell(`${has("k", "p/other/machine/web", theirs)}\n${asked(address, "203.0.113.201")}`)).toBe(
      `NSPAWN_OWNED: ${address} belongs to p/other/machine/web; choose other addresses, or take them from that machine first`,
    );
  });

  test.each([
    ["of the same stack, where machines may change places", "p/s/machine/other", theirs],
    [
      "of a floating address, which a machine of any stack may have",
      "p/other/floating-ip/x",
      "address\\t203.0.113.200",
    ],
    [
      "of what the stack was called before",
      "p/was/machine/other",
      theirs,
      `${has("old", "p/was/machine/web", "machine\\tweb")}
      printf 'claim\\tmine\\told\\tno\\trecord\\n' >"$DIR/steps"`,
    ],
    ["for who is no machine", "p/other/machine/web", theirs, ': >"$DIR/texts/record"'],
    ["that only looks alike", "p/other/machine/web", "machine\\tweb\\naddress\\t203.0.113.20"],
  ])("is free %s", (_what, owner, lines, before = "") => {
    expect(shell(`${has("k", owner, lines)}\n${before}\n${asked("203.0.113.200")}`)).toBe("vacant");
  });
});

asRoot("an address of a machine (needs root: a network namespace)", () => {
  test.each([
    ["keepalived's, of a wide network", "192.0.2.206", "is an address of the host itself (192.0.2.206/26 on eth0)"],
    ["the host's, on another bridge", "198.51.100.1", "is an address of the host itself (198.51.100.1/29 on br1)"],
    ["the host's, of an IPv6 /56", "2001:db8:2::5", "is an address of the host itself (2001:db8:2::5/56 on eth0)"],
    ["the host's, alone", "2001:db8:8::1", "is an address of the host itself (2001:db8:8::1/128 on br1)"],
    ["the host's, to one other end", "10.9.0.1", "is an address of the host itself (10.9.0.1/32 on tun0)"],
    ["the other end", "10.9.0.2", "is the other end of a link of the host (10.9.0.1/32 on tun0)"],
    ["a network's", "192.0.2.192", "is the address of a network of the host (192.0.2.205/26 on eth0)"],
    ["a broadcast", "192.0.2.255", "is the broadcast address of a network of the host (192.0.2.205/26 on eth0)"],
    [
      "a broadcast of its own",
      "198.51.100.5",
      "is the broadcast address of a network of the host (198.51.100.1/29 on br1)",
    ],
    [
      "a broadcast without a word",
      "198.51.100.7",
      "is the broadcast address of a network of the host (198.51.100.1/29 on br1)",
    ],
    ["an IPv6 network's", "2001:db8:2::", "is the address of a network of the host (2001:db8:2::5/56 on eth0)"],
    ["in a network that is all the host's", "203.0.113.140", "is taken by the host itself (ip route show table local)"],
    ["in such an IPv6 network", "2001:db8:7::80", "is taken by the host itself (ip route show table local)"],
    ["the router's", "192.0.2.193", "is the gateway of the host"],
    ["the operator's", "203.0.113.9", "is where this login comes from, which a route to a machine would cut off"],
  ])("is refused when it is %s", (_what, address, why) => {
    expect(shell(asked("192.0.2.210", address))).toBe(
      `NSPAWN_INVALID_INPUT: ${address} ${why}; choose other addresses, or take them off the host and out of what configures it there, and run up again`,
    );
  });

  it("is refused with all others that are", () => {
    expect(shell(asked("192.0.2.206", "192.0.2.210", "2001:db8:2::5"))).toMatch(
      /: 192\.0\.2\.206 is [^,]* on eth0\), 2001:db8:2::5 is [^,]*; choose/,
    );
  });

  test.each([
    ["a neighbour of the host's", ["192.0.2.210", "198.51.100.2", "2001:db8:2:1::7"]],
    ["in a network of two", ["203.0.113.64", "2001:db8:9::"]],
    ["beside an address that is alone", ["2001:db8:8::2"]],
  ])("is taken when it is %s", (_what, addresses) => expect(shell(asked(...addresses))).toBe("vacant"));

  test.each([
    ["a record has it", "printf 'address\\t192.0.2.206\\naddress\\t2001:db8:2::5\\n' >$OWNERS/a/record"],
    [
      "files of a version before have it",
      `mount --bind /run/etc /etc; mkdir -p /etc/systemd/network/10-br0.network.d /etc/pulumi-nspawn/proxies.d
      printf '[Route]\\nDestination=192.0.2.206/32\\n' >/etc/systemd/network/10-br0.network.d/web.conf
      printf '# ours\\n2001:db8:2::5\\n' >/etc/pulumi-nspawn/proxies.d/machine-web.conf
      printf '%s\\n' /etc/systemd/network/10-br0.network.d/web.conf /etc/pulumi-nspawn/proxies.d/machine-web.conf >$OWNERS/a/files`,
    ],
  ])("is taken back from the host when %s", (_what, before) =>
    expect(shell(`${before}; ${asked("192.0.2.206", "2001:db8:2::5")}`)).toBe("vacant"),
  );

  it("is not known by a file that is nobody's of ours", () => {
    const file = "/etc/systemd/network/10-br0.network.d/other.conf";
    const before = `mount --bind /run/etc /etc; mkdir -p \${file%/*}; printf 'Destination=192.0.2.206/32\\n' >$file`;
    expect(shell(`file=${file}; ${before}; ${asked("192.0.2.206")}`)).toMatch(/^NSPAWN_INVALID_INPUT/);
  });

  it("is the gateway's even when a record has it", () => {
    const before = "printf 'address\\t192.0.2.193\\n' >$OWNERS/a/record";
    expect(shell(`${before}; ${asked("192.0.2.193")}`)).toMatch(/192\.0\.2\.193 is the gateway of the host/);
  });
});

asRoot("a network of a bridge's own (needs root: a network namespace)", () => {
  const apart = (network: string, link = "nat0"): string => shell(`step_apart ${network} ${link}; echo apart`);

  test.each([
    ["192.0.2.0/24", "192.0.2.205/26 of eth0 on the host"],
    ["192.0.2.208/28", "192.0.2.205/26 of eth0 on the host"],
    ["198.51.0.0/16", "198.51.100.1/29 of br1 on the host"],
    ["10.9.0.0/24", "10.9.0.1 of tun0 on the host"],
    ["172.16.0.0/12", "172.20.0.0/16 of eth0 on the host"],
    ["203.0.113.0/28", "203.0.113.9, from where this login comes"],
  ])("is refused where the host has some of it: %s", (network, met) => {
    const found = shell(`ip route add 172.20.0.0/16 via 192.0.2.193 dev eth0; step_apart ${network} nat0; echo apart`);
    expect(found).toBe(
      `NSPAWN_INVALID_INPUT: the bridge's network ${network} overlaps with ${met}; give it another one: ipv4: { network: "…" }, or take that away where it is somebody's mistake`,
    );
  });

  test.each([
    ["beside all of them", "192.0.3.0/24", "nat0"],
    ["right behind one", "198.51.100.8/29", "nat0"],
    ["its own, on its own link", "198.51.100.0/29", "br1"],
  ])("passes %s", (_, network, link) => expect(apart(network, link)).toBe("apart"));
});
