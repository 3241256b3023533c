import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary, probeVariable } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** The library, and a host with a router at the end of its uplink, which believes a whole network to be on the link. */
const frame = String.raw`
set -eu
${probeVariable()}
${hostLibrary()}
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/etc/systemd/system /run/etc/pulumi-nspawn
cp -a /etc/alternatives /run/etc/ 2>/dev/null || :
mount --bind /run/etc /etc
DIR=/run/dir OWNERS=/run/owners TAB="$(printf '\t')" LOGIN="2001:db8:1:0:9::9 40000 2001:db8:1::1 22"
mkdir -p "$DIR/texts" "$OWNERS/mine"
OWNER=p/s/machine/web
printf 'claim\tkey\tformer\tadopt\trecord\n' >"$DIR/fields"
printf 'claim\tmine\t-\tno\trecord\n' >"$DIR/steps"; printf 'machine\tweb\n' >"$DIR/texts/record"
fail() { echo "$1: $2"; exit 1; }
warn() { echo "warning: $1"; }
say() { :; }
ip link set lo up
ip netns add router
ip link add eth0 type veth peer name srv netns router
ip link set eth0 up; ip -n router link set lo up; ip -n router link set srv up
ip -n router addr add fe80::1/64 dev srv nodad
ip addr add 2001:db8:1::1/64 dev eth0 nodad
ip netns exec router sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n router route add 2001:db8:1::/64 dev srv
until ip -6 -o addr show dev eth0 scope link -tentative | grep -q .; do sleep 0.1; done
ip -6 route add default via fe80::1 dev eth0
routed() { ip -n router route replace 2001:db8:1::/64 via "$(ip -6 -o addr show dev eth0 scope link | awk '{ sub("/.*", "", $4); print $4 }')" dev srv; }
${hostFile("steps/subnets.sh")}
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return status === 0 || stdout !== "" ? stdout.trim() : stderr;
}

const asked = (step: string, ...subnets: string[]): string =>
  `printf '%s\\n' ${subnets.join(" ")} >"$DIR/texts/t"; step_${step} t; echo done`;

const subnet = "2001:db8:1:0:5::/80";

asRoot("the way of a subnet to the host (needs root: a network namespace)", () => {
  test("is refused with a router that asks for each of its addresses", () => {
    expect(shell(asked("delegated", subnet))).toMatch(
      /^NSPAWN_STRICT_UPLINK: the router asks on the uplink for each address of 2001:db8:1:0:5::\/80,.*neighbourProxy: "ndppd"/,
    );
  });

  test("is there with a router that sends it to the host", () => {
    expect(shell(`routed; ${asked("delegated", subnet, "2001:db8:1:0:6::/124")}`)).toBe("done");
  });

  test("is not known with a router that says nothing", () => {
    const silent =
      "ip netns exec router nft add table ip6 t; ip netns exec router nft 'add chain ip6 t i { type filter hook prerouting priority -400; policy drop; }'";
    expect(shell(`${silent}; ${asked("delegated", subnet)}`)).toMatch(
      /^warning: it cannot be seen whether the router sends 2001:db8:1:0:5::\/80 to the host.*\ndone$/,
    );
  });

  test("is looked at once more where somebody answers for it", () => {
    const proxied = "touch /etc/systemd/system/pulumi-nspawn-ndppd.service";
    expect(shell(`${proxied}; ${asked("delegated", subnet)}`)).toBe("done");
    expect(shell(`FAILED=""; ${proxied}; ${asked("answered_for", subnet)}`)).toMatch(
      /^warning: the router asks on the uplink for addresses of 2001:db8:1:0:5::\/80, and ndppd does not answer it.*\ndone$/,
    );
    expect(shell(`FAILED=""; routed; ${proxied}; ${asked("answered_for", subnet)}`)).toBe("done");
  });
});

asRoot("a subnet with somebody's address in it (needs root: a network namespace)", () => {
  test.each([
    ["2001:db8:1::/80", "2001:db8:1::1 in 2001:db8:1::/80 is an address of the host itself (eth0)"],
    ["2001:db8:1:0:9::/80", "2001:db8:1:0:9::9 in 2001:db8:1:0:9::/80 is where this login comes from"],
  ])("is refused: %s", (text, message) => {
    expect(shell(asked("vacant_subnets", text, subnet))).toBe(
      `NSPAWN_INVALID_INPUT: ${message}; choose other subnets, and run up again`,
    );
  });

  test("of another stack's machine is refused, of the own stack it may be about to go", () => {
    const has = (owner: string, line: string): string =>
      `mkdir -p "$OWNERS/k"; printf 'owner\\t${owner}\\nobject\\tx\\nmachine\\tdb\\n${line}\\n' >"$OWNERS/k/record"`;
    const theirs = has("p/other/machine/db", "subnet\\t2001:db8:1:0:5:6::/96");
    expect(shell(`${theirs}; ${asked("vacant_subnets", subnet)}`)).toContain(
      "2001:db8:1:0:5:6::/96 in 2001:db8:1:0:5::/80 belongs to p/other/machine/db",
    );
    const address = has("p/other/machine/db", "address\\t2001:db8:1:0:5::7\\naddress\\t198.51.100.7");
    expect(shell(`${address}; ${asked("vacant_subnets", subnet)}`)).toContain(
      "2001:db8:1:0:5::7 in 2001:db8:1:0:5::/80 belongs to p/other/machine/db",
    );
    const ours = has("p/s/machine/db", "subnet\\t2001:db8:1:0:5:6::/96");
    expect(shell(`${ours}; ${asked("vacant_subnets", subnet)}`)).toBe("done");
  });

  test("is free otherwise", () => expect(shell(asked("vacant_subnets", subnet))).toBe("done"));
});

asRoot("the way of a subnet to the host, when who answers goes (needs root: a network namespace)", () => {
  const answering = `touch /etc/systemd/system/pulumi-nspawn-ndppd.service; mkdir -p /etc/pulumi-nspawn/proxies.d
printf '2001:db8:1::7\\n${subnet}\\n' >/etc/pulumi-nspawn/proxies.d/machine-web.conf`;

  test("is warned about with a router that asks, and names the machine", () => {
    expect(shell(`${answering}; step_still_answered; echo done`)).toMatch(
      /^warning: the router asks .* address of 2001:db8:1:0:5::\/80 of web, .*neighbourProxy: "ndppd" again\ndone$/,
    );
  });

  test.each([
    ["the router sends it to the host", `routed; ${answering}`],
    ["no machine has one", `${answering}; rm /etc/pulumi-nspawn/proxies.d/*`],
    ["nobody answered", `${answering}; rm /etc/systemd/system/pulumi-nspawn-ndppd.service`],
  ])("is nothing to say where %s", (_, text) => {
    expect(shell(`${text}; step_still_answered; echo done`)).toBe("done");
  });
});
