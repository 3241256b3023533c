import { spawnSync } from "node:child_process";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { asRoot } from "../support/run-script";
import { bridgeArgs } from "../support/sample";

jest.setTimeout(60_000);

const bridge = bridgeArgs({ bridge: "br-mgmt", mode: "isolated", macvlan: "mv-mgmt", ipv4: undefined });
const { files } = desiredBridge({ ...bridge, ipv6: undefined });
const rules = Object.entries(files)
  .flatMap(([path, text]) => (path.endsWith(".nft") ? [text] : []))
  .join("");

/** The host, a network outside, and a machine that has a macvlan beside the host's own, and a port of the bridge. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir /run/netns; mount -t sysfs sysfs /sys
ip link set lo up
for name in guest out; do ip netns add $name; ip -n $name link set lo up; done
ip link add eth0 type veth peer name eth0 netns out; ip link set eth0 up; ip -n out link set eth0 up
ip addr add 203.0.113.2/24 dev eth0; ip addr add 2001:db8:1::2/64 dev eth0 nodad
ip -n out addr add 203.0.113.9/24 dev eth0; ip -n out addr add 2001:db8:1::9/64 dev eth0 nodad
sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip link add br-mgmt type bridge forward_delay 0; ip link set br-mgmt up
ip link add mv-mgmt-v1 type veth peer name mv-mgmt-v2; ip link set mv-mgmt-v1 master br-mgmt up; ip link set mv-mgmt-v2 up
ip link add mv-mgmt link mv-mgmt-v2 type macvlan mode bridge; ip link set mv-mgmt up
ip link add inside link mv-mgmt-v2 type macvlan mode bridge; ip link set inside netns guest name eth0; ip -n guest link set eth0 up
ip link add vb-guest type veth peer name eth1 netns guest; ip link set vb-guest master br-mgmt up; ip -n guest link set eth1 up
for link in br-mgmt mv-mgmt mv-mgmt-v2 eth0; do sysctl -qw net.ipv4.conf.$link.rp_filter=0; done
nft -f - <<'COUNT'
table inet count {
  chain in { type filter hook input priority 100; udp dport 8081 counter; }
  chain past { type filter hook postrouting priority 100; oifname "eth0" udp dport 9 counter; }
}
COUNT
cat >/run/rules <<'RULES'
${rules}
RULES
say() { # LINK FAMILY PORT FROM: a packet of the machine to a link of the host
  ip netns exec guest python3 -c '
import ipaddress, socket, struct, sys
mac, family, port, link = sys.argv[1:]
own = "02:00:00:00:00:07"
pick = lambda four, six: ipaddress.ip_address(four if family == "4" else six).packed
source = pick("203.0.113.77", "2001:db8:1::77")
to = pick("203.0.113.2", "2001:db8:1::2") if port == "8081" else pick("203.0.113.9", "2001:db8:1::9")
def total(data):
    value = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while value >> 16: value = (value & 0xffff) + (value >> 16)
    return ~value & 0xffff
udp = struct.pack("!HHHH", 7777, int(port), 8, 0)
udp = udp[:6] + struct.pack("!H", total(source + to + struct.pack("!II", 8, 17) + udp))
if family == "4":
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28, 7, 0, 64, 17, 0) + source + to
    packet = head[:10] + struct.pack("!H", total(head)) + head[12:] + udp
else:
    packet = struct.pack("!IHBB", 0x60000000, 8, 17, 64) + source + to + udp
kind = b"\x08\x00" if family == "4" else b"\x86\xdd"
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind((link, 0))
s.send(bytes.fromhex(mac.replace(":", "") + own.replace(":", "")) + kind + packet)' "$(cat /sys/class/net/$1/address)" "$2" "$3" "$4"
  sleep 0.2
}
count() { nft -j list chain inet count "$1" | sed -n 's/.*"counter": {"packets": \([0-9]*\).*/\1/p'; }
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], { encoding: "utf8" });
  return stdout.trim() || stderr;
}

/** What the macvlans are on is reached from the bridge alone. */
const links = [
  ["br-mgmt", "eth0"],
  ["mv-mgmt", "eth0"],
  ["mv-mgmt-v2", "eth1"],
] as const;

asRoot("a bridge whose machines trust each other, and its host (needs root: a network namespace)", () => {
  test.each(links.flatMap(([link, from]) => ["4", "6"].map((family) => [link, family, from])))(
    "takes nothing that a machine sends to %s, and forwards nothing, IPv%s",
    (link, family, from) => {
      const both = `say ${link} ${family} 8081 ${from}; say ${link} ${family} 9 ${from}; echo "$(count in) $(count past)"`;
      expect(shell(both)).toBe("1 1");
      expect(shell(`nft -f /run/rules; ${both}`)).toBe("0 0");
    },
  );

  test("is shut although machines have files yet of the isolation that it had", () => {
    const tenant = `mount -t tmpfs tmpfs /etc; mkdir -p /etc/pulumi-nspawn/filter/br-mgmt.d
echo 'add element bridge pulumi-nspawn-br-mgmt members { "vb-guest" }' >/etc/pulumi-nspawn/filter/br-mgmt.d/guest.nft`;
    expect(shell(`${tenant}; nft -f /run/rules; say br-mgmt 4 8081 eth0; count in`)).toBe("0");
  });

  test("does not answer for its addresses there", () => {
    const asks = `ip -n guest addr add 203.0.113.77/24 dev eth0; ip netns exec guest ping -q -c 1 -W 1 203.0.113.2 >/dev/null || :
ip -n guest neigh show 203.0.113.2 | grep -c lladdr || :`;
    expect(shell(asks)).toBe("1");
    expect(shell(`nft -f /run/rules; ${asks}`)).toBe("0");
  });
});
