import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { asRoot } from "../support/run-script";
import { bridgeArgs } from "../support/sample";

jest.setTimeout(60_000);

const mac = "86:00:00:2a:3b:4c";
const privateNetwork = { macAddress: mac, address: "10.0.1.11", network: "10.0.11.0/24" };

/** A host with an uplink and an interface on a private network, as a lease configures it. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mount -t sysfs sysfs /sys
mkdir -p /run/dir
DIR=/run/dir KEEP="" CHANGED="" FAILED=""
fail() { echo "$1: $2"; exit 1; }
await() { shift; "$@"; }
${hostFile("steps/private.sh")}
ip link set lo up
ip link add eth0 type veth peer name far; ip link set far up; ip link set eth0 up
ip link add enp7s0 address ${mac} mtu 1450 type veth peer name far1; ip link set far1 up; ip link set enp7s0 up
ip addr add 203.0.113.5/32 dev eth0; ip addr add 10.0.1.11/32 dev enp7s0
ip route add default via 172.31.1.1 dev eth0 onlink
ip route add 10.0.0.1 dev enp7s0; ip route add 10.0.0.0/16 via 10.0.0.1
`;

function shell(text: string, input = ""): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
    input,
  });
  return status === 0 || stdout !== "" ? stdout.trim() : stderr;
}

asRoot("what a private network needs of the host (needs root: a network namespace)", () => {
  const asked = (before: string, network = "10.0.11.0/24", size = "1450", address = "10.0.1.11"): string =>
    shell(`${before}\nstep_private_link ${mac} ${address} ${network} ${size}; echo good`);

  const renamed = "ip link set enp7s0 down; ip link set enp7s0 name ens10; ip link set ens10 up";
  const routes = "ip route add 10.0.0.1 dev ens10; ip route add 10.0.0.0/16 via 10.0.0.1";
  test.each([
    ["with a network", ":", "10.0.11.0/24"],
    ["with aliases", ":", "-"],
    ["whatever its interface is called", `${renamed}; ${routes}`, "10.0.11.0/24"],
    ["beside a machine", "ip link add back type bridge; ip link set back up; ip route add 10.0.11.5 dev back", "10.0.11.0/24"],
    ["where it is the only way", "ip route replace default via 10.0.0.1 dev enp7s0", "10.0.11.0/24"],
  ])("is there: %s", (_, before, network) => {
    expect(asked(before, network)).toBe("good");
  }); // prettier-ignore

  test.each<[string, Parameters<typeof asked>, RegExp]>([
    ["no interface", ["ip link del enp7s0"], /NSPAWN_INVALID_INPUT: no interface of the host has the MAC address 86:00:00:2a:3b:4c/],
    ["no lease", ["ip addr del 10.0.1.11/32 dev enp7s0"], /enp7s0, .*, does not have the address 10\.0\.1\.11/],
    ["another's address", [":", "10.0.11.0/24", "1450", "203.0.113.5"], /does not have the address 203\.0\.113\.5/],
    ["a narrower interface", ["ip link set enp7s0 mtu 1400"], /MTU is 1450, .* by enp7s0, have 1400 bytes .* mtu: 1400$/],
    ["a network that nobody finds", [":", "10.99.0.0/24"], /10\.99\.0\.0\/24 is not routed by enp7s0, but by eth0/],
    ["no way at all", ["ip route del default", "10.99.0.0/24"], /but by nothing/],
  ])("is refused: %s", (_, args, message) => {
    expect(asked(...args)).toMatch(message);
  }); // prettier-ignore
});

asRoot("what comes to machines on a private network (needs root: network namespaces)", () => {
  const args = { bridge: "back", isolation: "tenant", ipv4: "10.0.1.11", ipv6: undefined, mtu: 1450 } as const;
  const { files } = desiredBridge(bridgeArgs({ ...args, subnets: undefined, privateNetwork }));
  const filter = (files["/etc/pulumi-nspawn/filter/back.nft"] ?? "").replace(/^include .*$/m, "");
  const hostEnd: Record<string, string> = { far: "eth0", far1: "enp7s0", far2: "other" };

  /** Echo requests that a machine behind the bridge sees of a peer behind an interface of the host's. */
  const seen = (link: string, source: string, before = ":"): string =>
    shell(
      `
ip link add back type bridge; ip link set back up
ip link add other type bridge; ip link set other up
ip link add vb-web type veth peer name host0; ip link set vb-web master back up
ip link add vb-two type veth peer name far2; ip link set vb-two master other up
unshare --net sleep 20 & machine=$!
unshare --net sleep 20 & peer=$!
sleep 0.5
gateway=$(cat /sys/class/net/${hostEnd[link]}/address)
own=$(cat /sys/class/net/host0/address)
ip link set host0 netns $machine; ip link set ${link} netns $peer
in_machine() { nsenter -t $machine -n "$@"; }
in_peer() { nsenter -t $peer -n "$@"; }
in_machine ip link set host0 up; in_machine ip addr add 10.0.11.5/32 dev host0
in_peer ip link set ${link} up; in_peer ip link set lo up; in_peer ip addr add ${source}/32 dev lo
in_peer ip route add default via 10.0.0.1 dev ${link} onlink src ${source}
in_peer ip neigh replace 10.0.0.1 lladdr $gateway nud permanent dev ${link}
ip route add 10.0.11.5 dev back; ip neigh add 10.0.11.5 lladdr $own nud permanent dev back
echo 1 >/proc/sys/net/ipv4/ip_forward
for each in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$each; done
nft -f -
${before}
in_peer ping -n -c1 -W1 10.0.11.5 >/dev/null 2>&1 || :
in_machine awk '/^Icmp:/ { if (++n == 1) { for (i = 1; i <= NF; i++) if ($i == "InEchos") at = i } else print $at }' /proc/net/snmp
kill $machine $peer`,
      filter,
    );

  test.each([
    ["the private network", "far1", "10.0.1.12", "1"],
    ["the uplink, with a public address", "far", "198.51.100.9", "0"],
    ["the uplink, with a private one", "far", "10.0.1.12", "0"],
    ["another bridge of the host", "far2", "10.0.20.4", "1"],
  ])("by %s: %s %s", (_, link, source, count) => {
    expect(seen(link, source)).toBe(count);
  });

  test("by the uplink, once what drops it is gone", () => {
    expect(seen("far", "198.51.100.9", "nft flush chain inet pulumi-nspawn-back inward")).toBe("1");
  });
});
