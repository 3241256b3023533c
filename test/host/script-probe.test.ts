import { hostFile } from "../../provider/host/files";
import { hostLibrary, probeVariable } from "../../provider/host/program";
import { spawnSync } from "node:child_process";
import { asRoot } from "../support/run-script";

const probe = `${probeVariable()}${hostFile("steps/network.sh")}${hostFile("steps/probe.sh")}${hostFile("steps/probe-hop.sh")}`;
const resolvers = hostFile("steps/resolvers.sh");

jest.setTimeout(120_000);

/** A host between a router and a machine, each with the kernel's real network; the machine has 198.51.100.7 and 2001:db8::7. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mkdir -p /run/dir /run/locks; DIR=/run/dir FAILED="" FRESH=yes LOGIN="192.0.2.130 1 2 3" TREES=/run/trees TAB="$(printf '\t')"
say() { :; }
warn() { echo "warning: $1"; }
space() { unshare --net sleep 300 & eval "$1=$!"; }
space GUEST; space router; sleep 0.3
trap 'kill $GUEST $router' EXIT
machinectl() { echo "$GUEST"; }
ip link set lo up
ip link add eth0 type veth peer name cable netns "$router"
ip link add br0 type bridge
ip link add vb-web type veth peer name host0 netns "$GUEST"
ip link set vb-web master br0 up; ip link set br0 up; ip link set eth0 up
ip addr add 192.0.2.1/24 dev eth0; ip addr add 2001:db8:1::1/64 dev eth0 nodad; ip addr add fe80::1/64 dev br0 nodad
in_router() { nsenter -t "$router" -n "$@"; }
in_machine() { nsenter -t "$GUEST" -n "$@"; }
in_router sh -c 'ip link set cable up; ip addr add 192.0.2.254/24 dev cable; ip addr add 2001:db8:1::fe/64 dev cable nodad'
ip route add default via 192.0.2.254; ip -6 route add default via 2001:db8:1::fe
ip route add 198.51.100.7 dev br0; ip -6 route add 2001:db8::7 dev br0
in_machine sh -c 'ip link set lo up; ip link set host0 up; ip addr add 198.51.100.7/32 dev host0; ip addr add 2001:db8::7/128 dev host0 nodad; ip route add 192.0.2.1 dev host0; ip route add default via 192.0.2.1; ip -6 route add default via fe80::1 dev host0'
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
${resolvers}
${probe}
has_link() { ip link show dev "$1" >/dev/null 2>&1; }
MINE=/run/mine OWNERS=/run/owners; mkdir /run/mine /run/owners
way() { step_probe web "$1" "$2" "br0 vb-web host0" "$3" "$4" udp 2>/dev/null; }
both() { way uplink - 198.51.100.7 "icmp tcp:22"; way uplink - 2001:db8::7 "icmp tcp:22"; }
# Nothing of ours stays, and nothing went out.
left() { ip -o link | grep -c ' pn' || :; nft list tables | grep -c probe || :; bridge fdb show | grep -c 02:70:6e || :; in_machine ip neigh | grep -c PERMANENT || :; }
counted() { in_router nft list counters | grep -o 'packets [0-9]*'; }
`;

const shell = (text: string): string => {
  const argv = ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation", "private", "sh", "-c"];
  const { stdout, stderr } = spawnSync("unshare", [...argv, `${frame}\n${text}`], { encoding: "utf8" });
  return stdout + stderr;
};
const rules = (text: string): string => `nft -f - <<'E'\n${text}\nE\n`;
/** The router counts all that comes to it from the machine. */
const counting = rules(
  `table inet seen { counter from { }\n chain c { type filter hook prerouting priority 0;
  ip saddr { 198.51.100.7, 192.0.2.20 } counter name from
  ip6 saddr { 2001:db8::7, 2001:db8:1::20 } icmpv6 type != { 133, 134, 135, 136 } counter name from\n}\n}`,
).replace("nft -f", "in_router nft -f");
const four = "host0 198.51.100.7";
const six = "host0 2001:db8::7";
const links = "eth0 br0 vb-web host0";
/** What was found of both families, where IPv6 is in order. */
const found = (text: string): string =>
  `${four} ${text}\n${six} reached 2620:4f:8000::1 2620:4f:8000::1 2001:db8::7 ${links}\n`;

/** The uplink becomes a port of the bridge, the machine a host of its LAN, and the login comes from beyond the router. */
const onLan = `LOGIN="203.0.113.77 1 2 3"
ip addr flush dev eth0; ip route flush dev br0; ip link set eth0 master br0; ip addr add 192.0.2.1/24 dev br0; ip addr add 2001:db8:1::1/64 dev br0 nodad
ip route replace default via 192.0.2.254; ip -6 route replace default via 2001:db8:1::fe
in_machine sh -c 'ip addr flush dev host0; ip addr add 192.0.2.20/24 dev host0; ip addr add 2001:db8:1::20/64 dev host0 nodad; ip route replace default via 192.0.2.254; ip -6 route replace default via 2001:db8:1::fe'
mkdir -p $OWNERS/b; printf 'uplink\\teth0\\n' >$OWNERS/b/record
`;
/** The machine is on a network that the host translates, and reached by a port. */
const translated = `ip route del 198.51.100.7; in_machine sh -c 'ip route flush default; ip addr flush dev host0 scope global; ip addr add 10.128.0.7/16 dev host0; ip route add default via 10.128.0.1'
ip addr add 10.128.0.1/16 dev br0
${rules('table ip n { chain p { type nat hook postrouting priority 100; ip saddr 10.128.0.0/16 oifname != "br0" masquerade\n}\nchain d { type nat hook prerouting priority -100; ip daddr 192.0.2.1 tcp dport 2222 dnat to 10.128.0.7:22\n}\n}')}
`;
/** The machine is on an isolated network with a tunnel to another host. */
const tunnelled = `ip link add vx-5001 type vxlan id 5001 local 192.0.2.1 dstport 4789 nolearning
bridge fdb append 00:00:00:00:00:00 dev vx-5001 dst 192.0.2.254
ip link set vx-5001 master br0 up
in_machine sh -c 'ip addr flush dev host0; ip addr add 10.99.0.5/24 dev host0; ip addr add fd12::5/64 dev host0 nodad'
${rules("table inet seen { counter from { }\n chain c { type filter hook prerouting priority 0; udp dport 4789 counter name from\n}\n}").replace("nft -f", "in_router nft -f")}
`;

asRoot("a probe of a machine", () => {
  it("arrives in both families and leaves by the machine's own address, leaves nothing behind, and lets nothing out", () => {
    expect(shell(`${counting} both; step_reached web no; cat $MINE/reached; left; counted`)).toBe(
      `${found(`reached 192.0.2.130 192.0.2.130 198.51.100.7 ${links}`)}0\n0\n0\n0\npackets 0\n`,
    );
  });

  it("sees who translates", () => {
    const masquerade = rules(
      "table ip nat { chain p { type nat hook postrouting priority 100; ip saddr 198.51.100.7 masquerade\n}\n}",
    );
    expect(shell(`${masquerade} both; step_reached web yes; cat $MINE/reached`)).toBe(
      found(`reached 192.0.2.130 192.0.2.130 192.0.2.1 ${links}`),
    );
  });

  it("comes in by the host's port where the host translates, and sees the host's address", () => {
    const text = `${translated} way uplink - 10.128.0.7 tcp:2222=22; way uplink - 10.128.0.7 -; step_reached web yes; cat $MINE/reached; left`;
    expect(shell(text)).toBe(
      `host0 10.128.0.7 reached 192.0.2.130 192.0.2.130 192.0.2.1 ${links}\nhost0 10.128.0.7 reached 192.0.2.130 - 192.0.2.1 ${links}\n0\n0\n0\n0\n`,
    );
  });

  it("finds the address that a LAN gave, and lets nothing onto the LAN", () => {
    const text = `${onLan} ${counting} sleep 1; way lan - 4 "icmp tcp:22"; way lan - 6 "icmp tcp:22"; step_reached web yes; cat $MINE/reached; left; counted`;
    expect(shell(text)).toBe(
      `host0 192.0.2.20 reached 203.0.113.77 203.0.113.77 192.0.2.20 ${links}\nhost0 2001:db8:1::20 reached 2620:4f:8000::1 2620:4f:8000::1 2001:db8:1::20 ${links}\n0\n0\n0\n0\npackets 0\n`,
    );
  });

  it("comes in by a tunnel as somebody of another host, and lets nothing into it", () => {
    const text = `${tunnelled} way vx-5001 10.99.0.254 10.99.0.5 "icmp tcp:22"; way vx-5001 fd12::fffe fd12::5 "icmp tcp:22"; step_reached web yes; cat $MINE/reached; left`;
    const way = (own: string, peer: string) => `host0 ${own} reached ${peer} ${peer} ${own} vx-5001 br0 vb-web host0\n`;
    expect(shell(text)).toBe(`${way("10.99.0.5", "10.99.0.254")}${way("fd12::5", "fd12::fffe")}0\n0\n0\n0\n`);
  });

  it("has nobody for an isolated network, which is said, and nothing to demand", () => {
    expect(shell(`way nobody - 198.51.100.7 -; step_reached web yes; cat $MINE/reached`)).toBe(
      `${four} isolated - - - br0 vb-web host0\n`,
    );
  });

  it("says what it lacks, but only where the machine has to be reached", () => {
    const text = `way tap0 - 198.51.100.7 icmp; step_reached web no; cat $MINE/reached; rm $MINE/reached $DIR/unreached; way tap0 - 198.51.100.7 icmp; exec 4>&1; step_reached web yes; echo $FAILED`;
    expect(shell(text)).toMatch(
      /^host0 198\.51\.100\.7 untried 192\.175\.48\.1 - - \? br0 vb-web host0\nerror\tNSPAWN_NOT_READY\t\d+\nwhether web is reached at 198\.51\.100\.7 cannot be tried: no link of the host leads outside by IPv4; mend that and run up again, which tries it again\n\nsoft\n$/,
    );
  });

  it("forgets what it found once the machine does not get ready", () => {
    expect(shell(`echo x >$MINE/reached; FAILED=soft; both; step_reached web yes; ls $MINE`)).toBe("");
  });

  const untouched = "of icmp tcp:22, sent as if they came in by eth0, none arrived in the machine";
  test.each<[string, string, string]>([
    [
      "a filter of others",
      rules("table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;\n}\n}"),
      `no packet from outside reaches web at 198.51.100.7: ${untouched}; it stops at the hop others' filters (dropped by table ip filter, chain FORWARD (policy drop)): let the machine's traffic pass there, which is not ours to change`,
    ],
    [
      "our own filter",
      rules("table ip pulumi-nspawn-br0 { chain forward { type filter hook forward priority 0; policy drop;\n}\n}"),
      `no packet from outside reaches web at 198.51.100.7: ${untouched}; it stops at the hop filter (dropped by table ip pulumi-nspawn-br0, chain forward (policy drop)): this is the network's own filter; up --refresh loads it as the program has it`,
    ],
    [
      "a route that is gone",
      "ip route replace blackhole 198.51.100.7",
      `no packet from outside reaches web at 198.51.100.7: ${untouched}; it stops at the hop route (198.51.100.7): the host says: RTNETLINK answers: Invalid argument; what comes in for it has to go to br0, up --refresh puts the route back, a rule of others (ip -4 rule) stays`,
    ],
    [
      "no forwarding",
      "echo 0 >/proc/sys/net/ipv4/ip_forward",
      `no packet from outside reaches web at 198.51.100.7: ${untouched}; it stops at the hop forwarding (IPv4): the host forwards nothing, up --refresh switches it on`,
    ],
    [
      "the machine's own way out",
      "in_machine ip route del default",
      "nothing that web sends from 198.51.100.7 leaves the host by eth0: it stops at the hop guest route (IPv4): the machine says: RTNETLINK answers: Network is unreachable; it has to leave by host0: restart the machine, and see machinectl shell web /usr/bin/networkctl status host0",
    ],
    [
      "a rule against what the machine sends",
      "ip rule add from 198.51.100.7 prio 50 prohibit",
      "nothing that web sends from 198.51.100.7 leaves the host by eth0: it stops at the hop route out (198.51.100.7): the host says: RTNETLINK answers: Permission denied; what the machine sends from it has to leave by eth0",
    ],
  ])("names the hop of %s, and fails an up that demands it", (_, broken, said) => {
    const text = `${broken}\nway uplink - 198.51.100.7 "icmp tcp:22"; exec 4>&1; step_reached web yes; cut -d" " -f3 $MINE/reached; echo $FAILED; left`;
    expect(shell(text).replace(/^error\tNSPAWN_NOT_READY\t\d+\n/, "")).toBe(
      `${said}; see pulumi-nspawn doctor web; mend that and run up again, which tries it again\n\nunreachable\nsoft\n0\n0\n0\n0\n`,
    );
  });

  it("tells a ping from what else does not arrive, as a warning where nothing is demanded", () => {
    const rule = "table inet f { chain fw { type filter hook forward priority 0; meta l4proto tcp drop\n}\n}";
    expect(shell(`${rules(rule)} way uplink - 2001:db8::7 "icmp tcp:22"; step_reached web no; echo "$FAILED"`)).toBe(
      "warning: a ping from outside reaches web at 2001:db8::7, and nothing else of icmp tcp:22, sent as if they came in by eth0; it stops at the hop others' filters (dropped by table inet f, chain fw (verdict drop)): let the machine's traffic pass there, which is not ours to change; see pulumi-nspawn doctor web\n\n",
    );
  });
});
