import { spawnSync } from "node:child_process";
import { endsOf } from "../../provider/model/mesh";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { asRoot } from "../support/run-script";
import { bridgeArgs, meshKeys } from "../support/sample";

jest.setTimeout(60_000);

const wireguard = { key: meshKeys[0], peers: [meshKeys[1]] };
const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9"], wireguard };
const { files } = desiredBridge(
  bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1370, vxlan, ipv4: undefined }),
);
const rules = (files["/etc/pulumi-nspawn/filter/back.nft"] ?? "").replace(/^include .*$/m, "");
const { local, peers } = endsOf(vxlan);
const foreign = local.replace(/[^:]*$/, "7");

/**
 * The host in the middle, with a peer and a stranger on its uplink's link, and the end of the mesh as a cable to the peer, which has a
 * foreign address there as well. `say WHO FROM TO PORT` sends three datagrams of VXLAN, and `taken PORT` says how many of them the host
 * takes behind all of our chains.
 */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir /run/netns; mount -t sysfs sysfs /sys
ip link set lo up
for name in wire peer stranger; do ip netns add $name; ip -n $name link set lo up; done
at() { name=$1; shift; ip netns exec "$name" "$@"; }
at wire ip link add u type bridge; at wire ip link set u up
wired() { # NETNS NUMBER
  ip link add wire0 type veth peer name "port-$1"; ip link set "port-$1" netns wire; ip link set wire0 netns "$1" name eth0
  at wire ip link set "port-$1" master u up; at "$1" ip addr add "203.0.113.$2/24" dev eth0; at "$1" ip link set eth0 up
  at "$1" ip addr add "2001:db8::$2/64" dev eth0 nodad
}
wired peer 9; wired stranger 66
ip link add eth0 type veth peer name port; ip link set port netns wire; at wire ip link set port master u up
ip addr add 203.0.113.2/24 dev eth0; ip addr add 2001:db8::2/64 dev eth0 nodad; ip link set eth0 up
ip link add wg-5001 type veth peer name wg0 netns peer; ip link set wg-5001 up; ip addr add ${local}/64 dev wg-5001 nodad
at peer ip link set wg0 up; at peer ip addr add ${peers[0]}/64 dev wg0 nodad; at peer ip addr add ${foreign}/64 dev wg0 nodad
at peer ip route add default via 203.0.113.2; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip link add back type bridge; ip link set back up
# An answer to who is asked for is not what is tested.
at peer ip neigh add ${local} lladdr "$(cat /sys/class/net/wg-5001/address)" dev wg0
ip neigh add ${peers[0]} lladdr "$(at peer cat /sys/class/net/wg0/address)" dev wg-5001
cat >/run/rules <<'RULES'
${rules}
RULES
nft -f /run/rules
nft 'table inet c { chain i { type filter hook input priority 0; meta l4proto udp counter; }; chain f { type filter hook forward priority 0; meta l4proto udp counter; }; chain o { type filter hook output priority 0; meta l4proto udp counter; }; }'
say() { # NETNS FROM TO PORT ID
  at "$1" python3 -c '
import socket, struct, sys
who, to, port, number = sys.argv[1:]
s = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((who, 0))
for _ in range(3): s.sendto(struct.pack("!II", 0x08000000, int(number) << 8) + bytes(60), (to, int(port)))' "$2" "$3" "$4" "${"${5:-5001}"}"
  sleep 0.3
}
say_here() { # TO PORT
  python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for _ in range(3):
    try: s.sendto(bytes(60), (sys.argv[1], int(sys.argv[2])))
    except PermissionError: pass' "$1" "$2"
}
taken() { nft list chain inet c "${"${1:-i}"}" | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'; }
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const run = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], { encoding: "utf8" });
  return `${run.stdout.trim()}${run.status === 0 ? "" : `${run.status}: ${run.stderr}`}`;
}

asRoot("what comes to a host whose network is in WireGuard (needs root: a network namespace)", () => {
  const [peer] = peers;
  const open = "nft flush chain inet pulumi-nspawn-back underlay";
  test.each([
    ["the network's packets in it, of the peer", `say peer ${peer} ${local} 4789`, "3"],
    ["the same from an address that is not the peer's", `say peer ${foreign} ${local} 4789`, "0"],
    ["another network's", `say peer ${peer} ${local} 4789 5002`, "0"],
    ["what is for another port", `say peer ${peer} ${local} 53`, "0"],
    ["the same, without the rules", `${open}; say peer ${peer} ${local} 53`, "3"],
    ["plain packets of the network, of the peer", "say peer 203.0.113.9 203.0.113.2 4789", "0"],
    ["the same by IPv6", "say peer 2001:db8::9 2001:db8::2 4789", "0"],
    ["the same, without the rules", `${open}; say peer 2001:db8::9 2001:db8::2 4789`, "3"],
    ["plain packets of another network, which are not its own", "say peer 203.0.113.9 203.0.113.2 4789 5002", "3"],
    ["WireGuard of the peer", "say peer 203.0.113.9 203.0.113.2 51820", "3"],
    ["WireGuard of a stranger", "say stranger 203.0.113.66 203.0.113.2 51820", "0"],
    ["the same by IPv6, of which no peer is", "say peer 2001:db8::9 2001:db8::2 51820", "0"],
    ["what is neither", "say stranger 203.0.113.66 203.0.113.2 53", "3"],
  ])("is taken or not: %s", (_, said, packets) => {
    expect(shell(`${said}; taken`)).toBe(packets);
  });

  it("packets of the network leave by nothing else, whatever the route", () => {
    const from = (link: string) => `ip -6 route replace ${peer} dev ${link}; say_here ${peer} 4789; taken o`;
    expect(shell(from("wg-5001"))).toBe("3");
    expect(shell(from("eth0"))).toBe("0");
    expect(shell(`nft flush chain inet pulumi-nspawn-back outward; ${from("eth0")}`)).toBe("3");
  });

  test.each([
    ["from it", `at peer ip -6 route add 2001:db8::66 via ${local}; say peer ${peer} 2001:db8::66 53`],
    ["into it", `at stranger ip -6 route add ${peer} via 2001:db8::2; say stranger 2001:db8::66 ${peer} 53`],
  ])("nothing is forwarded %s", (_, said) => {
    expect(shell(`${said}; taken f`)).toBe("0");
    expect(shell(`nft flush chain inet pulumi-nspawn-back onward; ${said}; taken f`)).toBe("3");
  });
});
