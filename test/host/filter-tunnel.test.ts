import { spawnSync } from "node:child_process";
import type { MachineArgs } from "../../provider/model/args";
import { machineMac } from "../../provider/model/mac-address";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { asRoot } from "../support/run-script";
import { bridgeArgs, machineArgs } from "../support/sample";

jest.setTimeout(60_000);

const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9"] };
const bridge = bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan, ipv4: undefined });
const machine: MachineArgs = machineArgs({
  networks: [
    {
      ...{ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan: 5001 },
      ...{ lan4: { network: "10.9.0.0/24" }, lan6: "fd12:3456:789a:1::/64" },
      addresses: ["10.9.0.7", "fd12:3456:789a:1::7"].map((address) => ({ address, proxied: true })),
    },
  ],
});
const mac = machineMac(machine);

/** What is loaded, without the folder that it includes. */
const rulesOf = (tunnel: typeof vxlan): string =>
  [desiredBridge({ ...bridge, vxlan: tunnel }).files, desiredMachine(machine).files]
    .flatMap((files) => Object.entries(files).flatMap(([path, text]) => (path.endsWith(".nft") ? [text] : [])))
    .join("")
    .replace(/^include .*$/m, "");

/**
 * The host in the middle, with a machine of its network (guest) and another one that it translates (other); a peer and a
 * stranger on its uplink's link, and one on a second link. `say WHO HEX` sends a frame in VXLAN to the host.
 */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir /run/netns; mount -t sysfs sysfs /sys
ip link set lo up
for name in wire peer stranger guest other side; do ip netns add $name; ip -n $name link set lo up; done
at() { name=$1; shift; ip netns exec "$name" "$@"; }
at wire ip link add u type bridge; at wire ip link set u up
wired() { # NETNS ADDRESS
  ip link add wire0 type veth peer name "port-$1"; ip link set "port-$1" netns wire; ip link set wire0 netns "$1" name eth0
  at wire ip link set "port-$1" master u up; at "$1" ip addr add "$2/24" dev eth0; at "$1" ip link set eth0 up
}
wired peer 203.0.113.9; wired stranger 203.0.113.66
ip link add eth0 type veth peer name port; ip link set port netns wire; at wire ip link set port master u up
ip addr add 203.0.113.2/24 dev eth0; ip link set eth0 up
ip link add eth1 type veth peer name eth0 netns side; ip addr add 198.51.100.1/24 dev eth1; ip link set eth1 up
at side ip addr add 198.51.100.2/24 dev eth0; at side ip addr add 203.0.113.9/32 dev eth0; at side ip link set eth0 up
at side ip route add 203.0.113.2 via 198.51.100.1 src 203.0.113.9
sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.ip_forward=1
ip link add back type bridge forward_delay 0 mcast_snooping 0; ip link set back up
ip link add vx-5001 type vxlan id 5001 local 203.0.113.2 dstport 4789; ip link set vx-5001 master back up
bridge link set dev vx-5001 isolated on learning off guard on
ip link add vb-web type veth peer name host0 netns guest address ${mac}
ip link set vb-web master back up; bridge link set dev vb-web learning off flood off guard on
bridge fdb replace ${mac} dev vb-web master static sticky
at guest ip addr add 10.9.0.7/24 dev host0; at guest ip link set host0 up
ip link add vb-other type veth peer name host0 netns other; ip addr add 10.3.0.1/24 dev vb-other; ip link set vb-other up
at other ip addr add 10.3.0.2/24 dev host0; at other ip link set host0 up; at other ip route add default via 10.3.0.1
nft "add table ip t; add chain ip t post { type nat hook postrouting priority 100; }; add rule ip t post ip saddr 10.3.0.0/24 masquerade"
cat >/run/rules <<'RULES'
${rulesOf(vxlan)}
RULES
nft -f /run/rules
count() { # NETNS FAMILY MATCH
  at "$1" nft "add table $2 c; add chain $2 c i { type filter hook input priority 0; }; add rule $2 c i $3 counter"
}
seen() { at "$1" nft list ruleset | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p' | head -n 1; }
say() { # NETNS HEX of a frame, and where to
  at "$1" python3 -c '
import socket, struct, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(struct.pack("!II", 0x08000000, 5001 << 8) + bytes.fromhex(sys.argv[1]), (sys.argv[2], 4789))' "$2" "${"${3:-203.0.113.2}"}"
  sleep 0.3
}
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return `${stdout.trim()}${status === 0 ? "" : `${status}: ${stderr}`}`;
}

const hex = (address: string): string => Buffer.from(address.split(".").map(Number)).toString("hex");
const bare = (of: string): string => of.replaceAll(":", "");
const stranger = "02:00:00:00:00:99";

/** ARP as a broadcast: who sends it, and who it says to be. */
const arp = (from: string, says: string, address: string): string =>
  `ffffffffffff${bare(from)}08060001080006040001${bare(says)}${hex(address)}000000000000${hex("10.9.0.7")}`;
/** ICMPv6 of a type to all nodes, with eight bytes and what follows. */
const icmp6 = (type: string, rest: string, from = "fe800000000000000000000000000099"): string => {
  const body = `${type}00ffff${rest}`;
  const length = (body.length / 2).toString(16).padStart(4, "0");
  return `333300000001${bare(stranger)}86dd60000000${length}3aff${from}ff020000000000000000000000000001${body}`;
};
const own6 = "fd123456789a00010000000000000007";
const other6 = "fd123456789a00010000000000000099";

asRoot("what comes to a host by VXLAN (needs root: a network namespace)", () => {
  const heard = 'count guest arp "arp saddr ip 10.9.0.99"';
  const claim = arp(stranger, stranger, "10.9.0.99");

  test.each([
    ["of a peer", ":", "peer", "1"],
    ["of a stranger", ":", "stranger", "0"],
    ["of a stranger, without the rules", "nft flush chain inet pulumi-nspawn-back sender", "stranger", "1"],
    ["of who has a peer's address elsewhere", ":", "side", "0"],
    ["of the same, without the rules", "nft flush chain inet pulumi-nspawn-back sender", "side", "1"],
  ])("is taken or not: %s", (_, before, from, packets) => {
    expect(shell(`${before}; ${heard}; say ${from} ${claim}; seen guest`)).toBe(packets);
  });

  test.each([
    ["a machine that the host translates", ":", "0"],
    ["the same, without the rule", "nft flush chain inet pulumi-nspawn-back onward", "1"],
  ])("is not sent to peers by %s", (_, before, packets) => {
    const told = 'count peer ip "udp dport 4789 ip saddr 203.0.113.2"';
    expect(shell(`${before}; ${told}; say other ${claim} 203.0.113.9; seen peer`)).toBe(packets);
  });
});

/** The same over IPv6. `pieces` sends a frame as a stranger, and the part with its port by itself. */
const six = {
  id: 5001,
  local: "2001:db8:1::2",
  peers: ["2001:db8:1::9"],
};
const sixFrame = String.raw`
ip link set vx-5001 nomaster; ip link del vx-5001; nft delete table inet pulumi-nspawn-back
ip addr add 2001:db8:1::2/64 dev eth0 nodad; at peer ip addr add 2001:db8:1::9/64 dev eth0 nodad
at stranger ip addr add 2001:db8:1::66/64 dev eth0 nodad
ip link add vx-5001 type vxlan id 5001 local 2001:db8:1::2 dstport 4789; ip link set vx-5001 master back up
cat >/run/rules6 <<'RULES'
${rulesOf(six)}
RULES
nft -f /run/rules6
pieces() { # HEX
  at stranger python3 -c '
import socket, struct, sys
ip = lambda text: socket.inet_pton(socket.AF_INET6, text)
here, there = ip("2001:db8:1::66"), ip("2001:db8:1::2")
data = struct.pack("!II", 0x08000000, 5001 << 8) + bytes.fromhex(sys.argv[2])
udp = struct.pack("!HHH", 4000, 4789, 8 + len(data))
words = here + there + struct.pack("!II", 8 + len(data), 17) + udp + bytes(2) + data
total = sum(struct.unpack("!%dH" % ((len(words) + 1) // 2), words + bytes(len(words) % 2)))
while total >> 16: total = (total & 0xffff) + (total >> 16)
udp += struct.pack("!H", ~total & 0xffff)
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("eth0", 0))
for at, more, part in ((0, 1, udp), (8, 0, data)):
    body = struct.pack("!BBHI", 17, 0, at | more, 7) + part
    s.send(bytes.fromhex(sys.argv[1].replace(":", "")) + s.getsockname()[4] + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(body), 44, 64) + here + there + body)
' "$(cat /sys/class/net/eth0/address)" "$1"
  sleep 0.3
}
`;

asRoot("what comes to a host by VXLAN over IPv6 (needs root: a network namespace)", () => {
  const claim = arp(stranger, stranger, "10.9.0.99");
  const heard = 'count guest arp "arp saddr ip 10.9.0.99"';
  const taken = (before: string, send: string) => shell(`${sixFrame}\n${before}\n${heard}; ${send}; seen guest`);
  const withoutParts = `nft -a list chain inet pulumi-nspawn-back underlay | sed -n 's/.*frag.* handle //p' | while read -r handle; do nft delete rule inet pulumi-nspawn-back underlay handle "$handle"; done`;

  test.each([
    ["of a peer", ":", `say peer ${claim} 2001:db8:1::2`, "1"],
    ["of a stranger", ":", `say stranger ${claim} 2001:db8:1::2`, "0"],
    ["of a stranger, in parts of which the first has the port alone", ":", `pieces ${claim}`, "0"],
    ["of the same, without the rule about parts", withoutParts, `pieces ${claim}`, "1"],
  ])("is taken or not: %s", (_, before, send, packets) => {
    expect(taken(before, send)).toBe(packets);
  });
});

asRoot("what comes in by a tunnel (needs root: a network namespace)", () => {
  const solicitation = (target: string): string => `00000000${target}`;
  const cases: [string, string, string, string][] = [
    ["another machine's ARP", "arp", "arp operation request", arp(stranger, stranger, "10.9.0.99")],
    ["another machine's ping", "ip6", "icmpv6 type 128", icmp6("80", "00010001")],
    ["another machine's advertisement", "ip6", "icmpv6 type 136", icmp6("88", solicitation(other6))],
    ["a question about a machine of this host", "ip6", "icmpv6 type 135", icmp6("87", solicitation(own6))],
  ];
  const forged: typeof cases = [
    ["a frame from a machine's MAC address", "arp", "arp operation request", arp(mac, stranger, "10.9.0.99")],
    ["ARP that says a machine's MAC address", "arp", "arp operation request", arp(stranger, mac, "10.9.0.99")],
    ["ARP that says a machine's address", "arp", "arp operation request", arp(stranger, stranger, "10.9.0.7")],
    ["a ping from a machine's address", "ip6", "icmpv6 type 128", icmp6("80", "00010001", own6)],
    ["an advertisement of a machine's address", "ip6", "icmpv6 type 136", icmp6("88", solicitation(own6))],
    [
      "an advertisement with a machine's MAC address",
      "ip6",
      "icmpv6 type 136",
      icmp6("88", `${solicitation(other6)}0201${bare(mac)}`),
    ],
    ["a claim of a machine's address", "ip6", "icmpv6 type 135", icmp6("87", solicitation(own6), "0".repeat(32))],
    ["a router", "ip6", "icmpv6 type 134", icmp6("86", "400007080000000000000000")],
    ["a redirect", "ip6", "icmpv6 type 137", icmp6("89", `00000000${own6}${other6}`)],
  ];
  const arrives = (family: string, match: string, text: string, before = ":"): string =>
    shell(`${before}; count guest ${family} "${match}"; say peer ${text}; seen guest`);

  test.each(cases)("reaches machines: %s", (_, family, match, text) => {
    expect(arrives(family, match, text)).toBe("1");
  });

  test.each(forged)("does not, and would without the rules: %s", (_, family, match, text) => {
    expect(arrives(family, match, text)).toBe("0");
    expect(arrives(family, match, text, "nft flush chain bridge pulumi-nspawn-back prerouting")).toBe("1");
  });
});
