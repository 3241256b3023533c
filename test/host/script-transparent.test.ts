import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRoot } from "../support/run-script";

const network = hostFile("steps/network.sh");
const strays = hostFile("steps/strays.sh");
const transparent = hostFile("steps/transparent.sh");

jest.setTimeout(60_000);

/** The library, and networkd as far as it is concerned: it gives the bridge what the uplink had. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t sysfs sysfs /sys; mount -t tmpfs tmpfs /etc/systemd; mkdir -p /etc/systemd/network
MODE=program LIBRARY=$1/library DIR=$1/dir OWNERS=$1/library/owners CHANGED="" MINE="" TAB="$(printf '\t')"
mkdir -p "$LIBRARY" "$DIR/texts"
say() { :; }
warn() { :; }
fail() { echo "$2" >&2; exit 1; }
`;

const host = String.raw`
step_settle() {
  ip addr flush dev eth0 scope global
  ip addr add 192.0.2.205/26 brd + dev br0
  ip addr add 2001:db8:ffff:2::5/64 dev br0 nodad
  ip route replace default via 192.0.2.193 dev br0 metric 1024
  ip -6 route replace default via fe80::99 dev br0 metric 1024 onlink
}
state() {
  ip -o link show dev eth0 | sed 's/^[0-9]*: //; s/@[^:]*//'; if has_link br0; then echo br0; fi
  ip -o addr show dev eth0 | awk '{ print $3, $4 }' | sort
  ip route; ip -6 route show dev eth0 | sed 's/ expires [0-9]*sec//'
  cat /proc/sys/net/ipv6/conf/eth0/addr_gen_mode /proc/sys/net/ipv6/conf/eth0/accept_dad
}
ip link set lo up
ip link add eth0 address 96:00:00:01:86:a2 type veth peer name far
echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
ip link set far up; ip link set eth0 up
ip addr add 192.0.2.205/26 brd + dev eth0 valid_lft 3000 preferred_lft 3000
ip addr add 2001:db8:ffff:2::5/64 dev eth0
ip route add default via 192.0.2.193 dev eth0
ip -6 route add default via fe80::99 dev eth0 metric 1024 proto ra expires 1800
printf 'while :; do sleep 0.1; done\n' >"$1/dhclient"
sh "$1/dhclient" -4 eth0 & client=$!
client_state() { sed 's/.*) \(.\) .*/\1/' "/proc/$client/stat" 2>/dev/null || echo gone; }
state >"$1/before"
remember_uplink eth0 br0
`;

asRoot("an uplink that becomes a port (needs root: a network namespace)", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-nspawn-uplink-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function inside(text: string): string {
    const script = [frame, network, strays, transparent, host, text].join("\n");
    const spaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--propagation", "private"];
    const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", script, "sh", folder], {
      encoding: "utf8",
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    return stdout;
  }

  it("leaves its addresses and routers to the bridge, and its DHCP client waits", () => {
    const said = inside(String.raw`
become_port eth0 br0
carries_all eth0 br0 && echo carried
client_state
cat /sys/class/net/br0/address; ip -o addr show dev eth0 scope global; ip route show dev eth0; ip -6 route show dev eth0 default`);
    expect(said).toBe("carried\nT\n96:00:00:01:86:a2\n");
  });

  it("is back as it was after a rollback, its client too", () => {
    const said = inside(String.raw`
become_port eth0 br0
undo_uplinks 2>"$DIR/errors" || cat "$DIR/errors"
state | diff "$1/before" - && echo same
case $(client_state) in R | S | D) echo goes on ;; esac
ls "$LIBRARY"`);
    expect(said).toBe("same\ngoes on\n");
  });

  it("is a port again after the rollback of a removal", () => {
    const said = inside(String.raw`
become_port eth0 br0
close_uplinks br0 # not by file yet: forgotten
remember_uplink eth0 br0
printf '192.0.2.205/26\n' >"$UPLINKS/eth0/addresses"; printf '192.0.2.193\n' >"$UPLINKS/eth0/gateways"
ip link set eth0 nomaster; ip link delete br0; ip addr add 192.0.2.205/26 dev eth0
printf '[Network]\nBridge=br0\n' >/etc/systemd/network/05-eth0.network
undo_uplinks 2>"$DIR/errors" || cat "$DIR/errors"
carries_all eth0 br0 && echo carried
wait "$client" 2>/dev/null || :
client_state; ip -o addr show dev eth0 scope global`);
    expect(said).toBe("carried\ngone\n");
  });

  it("is forgotten by whoever comes to the end of a removal: a program that was killed after it was confirmed, too", () => {
    const said = inside(String.raw`
KEEP=$1/finished/key
mkdir -p "$KEEP"
step_hand_back br1
cat "$KEEP/bridges"
end_finished "$KEEP"
ls "$UPLINKS"
mkdir -p "$KEEP"
printf '[Network]\nBridge=br0\n' >/etc/systemd/network/05-eth0.network
step_hand_back br0
end_finished "$KEEP"
wait "$client" 2>/dev/null || :
client_state; ls "$UPLINKS"
mkdir -p "$KEEP"
close_later br0
rm /etc/systemd/network/05-eth0.network
end_finished "$KEEP"
ls -d "$UPLINKS" "$KEEP" 2>/dev/null || echo nothing left`);
    expect(said).toBe("br1\neth0\ngone\neth0\nnothing left\n");
  });

  it("has beside it machines' ports with one MAC address each, which no other port takes", () => {
    const said = inside(String.raw`
FAILED="" KEEP=""
become_port eth0 br0
ip link add vb-web type veth peer name inside; ip link set inside up
ip link set vb-web master br0 up; bridge link set dev vb-web guard on learning off flood off
step_port vb-web br0 guarded 1a:61:f8:ff:a1:56
bridge fdb show br br0 brport vb-web | grep 1a:61
step_port vb-web br0 guarded 1a:61:f8:ff:a1:56`);
    expect(said).toBe("1a:61:f8:ff:a1:56 sticky master br0 static\n");
  });

  it("keeps a table of multicast groups on its bridge unless the bridge's file says no", () => {
    const said = inside(String.raw`
KEEP=$1/keep
become_port eth0 br0
file=/etc/systemd/network/10-br0.netdev snooped=/sys/class/net/br0/bridge/multicast_snooping
printf '[Bridge]\nMulticastSnooping=no\n' >"$file"
mkdir -p "$KEEP/before/etc/systemd/network"
step_bridge_up br0 -; cat "$snooped"
mv "$file" "$KEEP/before$file"
step_bridge_up br0 -; cat "$snooped"
undo_taken; cat "$snooped"`);
    // Taken back from the newest on, it is what it was at first.
    expect(said).toBe("0\n1\n1\n");
  });

  it("tells its neighbours when a rollback gives it its MAC address back, in both families", () => {
    const said = inside(String.raw`
notify=$(cat /proc/sys/net/ipv4/conf/eth0/arp_notify /proc/sys/net/ipv6/conf/eth0/ndisc_notify)
unshare --net sleep 60 & router=$!
until [ "$(readlink /proc/$router/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
there() { nsenter -t "$router" -n "$@"; }
ip link set far netns "$router"
there sh -c 'ip link set lo up; ip link set far up; ip addr add 192.0.2.193/26 dev far; ip addr add 2001:db8:ffff:2::1/64 dev far nodad'
ip link set eth0 address 02:00:00:00:00:99
learnt() {
  there ip neigh replace 192.0.2.205 lladdr 02:00:00:00:00:99 nud reachable dev far
  there ip neigh replace 2001:db8:ffff:2::5 lladdr 02:00:00:00:00:99 nud reachable dev far
}
known() { there ip neigh show dev far | awk '/^(192.0.2.205|2001:db8)/ { print $3 }' | sort -u; }
# What a mere change of it leaves them with.
learnt; ip link set eth0 address 96:00:00:01:86:a2; sleep 1.2; known
ip link set eth0 address 02:00:00:00:00:99; learnt; sleep 1.2
set_mac eth0 96:00:00:01:86:a2 up
await 2 sh -c '[ "$(nsenter -t '"$router"' -n ip neigh show dev far | grep -c 96:00:00:01:86:a2)" -ge 2 ]' || :
known
[ "$(cat /proc/sys/net/ipv4/conf/eth0/arp_notify /proc/sys/net/ipv6/conf/eth0/ndisc_notify)" = "$notify" ] && echo as before
kill "$router"`);
    expect(said).toBe("02:00:00:00:00:99\n96:00:00:01:86:a2\nas before\n");
  });

  it("tells the addresses and routes that nothing gave by itself", () => {
    const said = inside(String.raw`
kill -9 "$client"; wait "$client" 2>/dev/null || :
ip addr flush dev eth0 scope global
ip addr add 198.51.100.5/32 dev eth0; ip route add 172.31.1.1 dev eth0 scope link; ip route add default via 172.31.1.1 dev eth0
ip -6 route flush dev eth0; ip addr add 2001:db8:1::1/64 dev eth0; ip -6 route add default via fe80::1 dev eth0 metric 512
static_addresses eth0`);
    expect(said).toBe(
      [
        "[Network]\nDHCP=no\nIPv6AcceptRA=no",
        "[Address]\nAddress=198.51.100.5/32",
        "[Address]\nAddress=2001:db8:1::1/64",
        "[Route]\nGateway=172.31.1.1",
        "[Route]\nDestination=172.31.1.1\nScope=link",
        "[Route]\nGateway=fe80::1\nMetric=512",
        "",
      ].join("\n"),
    );
  });

  it.each([
    [
      "ff000186a200010001329402d09600000186a2",
      "IAID=100002\nDUIDType=link-layer-time\nDUIDRawData=00:01:32:94:02:d0:96:00:00:01:86:a2",
    ],
    [
      "ff197a908f00020000ab117356802c92c940d4",
      "IAID=427462799\nDUIDType=vendor\nDUIDRawData=00:00:ab:11:73:56:80:2c:92:c9:40:d4",
    ],
    ["019600000186a2", ""],
  ])("keeps the identity of a lease: %s", (id, expected) => {
    const said = inside(`client_id() { echo ${id}; }\nlease_identity eth0 eth0`);
    const known = `duid\n${expected}\n[DHCPv6]\n${expected}`;
    expect(said).toBe(`[DHCPv4]\nClientIdentifier=${expected === "" ? "mac" : known}\n`);
  });

  it("knows dhclient's identity from its file", () => {
    const said = inside(String.raw`
mount -t tmpfs tmpfs /var/lib; mkdir -p /var/lib/dhcp
printf '%s\n' 'default-duid "\000\001\000\0012\223\375e\226\000\000\001\206\242";' >/var/lib/dhcp/dhclient.eth0.leases
sh "$1/dhclient" -4 -v -i eth0 & client_id eth0 eth0`);
    expect(said).toBe("ff000186a2000100013293fd659600000186a2\n");
  });

  it.each([
    ["duid", "ff000186a200010001329e80999600000186a2"],
    ["#duid", ""],
  ])("knows dhcpcd by the title of its process, and its identity where it shows one: %s", (line, expected) => {
    const said = inside(String.raw`
mount -t tmpfs tmpfs /var/lib; mkdir -p /var/lib/dhcpcd; echo 00:01:00:01:32:9e:80:99:96:00:00:01:86:a2 >/var/lib/dhcpcd/duid
mount -t tmpfs tmpfs /etc; printf 'hostname\n${line}\n' >/etc/dhcpcd.conf
kill -9 "$client"; wait "$client" 2>/dev/null || :
for title in "dhcpcd: eth0 [ip4] [ip6]" "dhcpcd: [BPF ARP] eth0 192.0.2.205" "dhcpcd: eth1 [ip4]"; do bash -c 'exec -a "$1" sleep 60' - "$title" & done
until [ "$(clients_of eth0 | wc -l)" = 2 ]; do sleep 0.1; done
client_id eth0 eth0`);
    expect(said.trim()).toBe(expected);
  });

  it("keeps the second halves of addresses that advertisements gave, whoever made them", () => {
    const said = inside(String.raw`
address_tokens eth0; echo none of an address without an end
life="valid_lft 3000 preferred_lft 3000"
ip addr add 2001:db8:ffff:2:9400:ff:fe01:86a2/64 dev eth0 $life
address_tokens eth0; echo none of the MAC address alone
ip addr add 2001:db8:ffff:2:6b50:7191:e4b6:fe51/64 dev eth0 $life
ip addr add fd00::6b50:7191:e4b6:fe51/64 dev eth0 $life
ip addr add fd00::7/64 dev eth0 $life; ip addr add fd00::1:0:9/128 dev eth0 $life
address_tokens eth0`);
    expect(said).toBe(
      [
        "none of an address without an end",
        "none of the MAC address alone",
        "[IPv6AcceptRA]\nToken=",
        "Token=static:::0:0:0:7\nToken=static:::6b50:7191:e4b6:fe51\nToken=eui64\n",
      ].join("\n"),
    );
  });

  it("tells routers and routes apart from the nexthops that networkd of systemd 257 makes of them", () => {
    const said = inside(String.raw`
ip -6 route flush dev eth0
ip -6 nexthop add id 4711 via fe80::99 dev eth0 proto ra
ip -6 route add default nhid 4711 proto ra metric 1024 expires 1800
gateways_of -6 eth0
remember_uplink eth0 br0
ip -6 nexthop del id 4711; gateways_of -6 eth0
restore_routes -6 "$UPLINKS/eth0/route6"; ip -6 route show default | sed 's/ expires.*sec / expires /'`);
    expect(said).toBe("fe80::99\ndefault via fe80::99 dev eth0 proto ra metric 1024 expires pref medium\n");
  });

  it("is refused at a gateway of Hetzner, and when it is a port of something else", () => {
    const guard = (text: string): string =>
      inside(`systemctl() { return 1; }\nfail() { echo "$1 $2"; exit 0; }\n${text}`);
    const routed = "ip route replace default via 172.31.1.1 dev eth0 onlink;";
    expect(guard(`${routed} step_guard_uplink eth0 br0 no`)).toMatch(/^NSPAWN_INVALID_INPUT .*allowForeignMacs: true/);
    expect(guard(`${routed} step_guard_uplink eth0 br0 yes; echo passed`)).toBe("passed\n");
    expect(guard("step_guard_uplink eth0 br0 no; echo passed")).toBe("passed\n");
    expect(
      guard("ip link add other type bridge; ip link set eth0 master other; step_guard_uplink eth0 br0 no"),
    ).toMatch(/^NSPAWN_OWNED eth0 is a port of other already/);
    expect(guard("step_guard_uplink eth7 br0 no")).toMatch(/no interface eth7; it has .*eth0/);
  });
});
