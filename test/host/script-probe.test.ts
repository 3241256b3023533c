import { hostFile } from "../../provider/host/files";
import { hostLibrary, probeVariable } from "../../provider/host/program";
import { spawnSync } from "node:child_process";
import { asRoot } from "../support/run-script";

const probe = `${probeVariable()}${hostFile("steps/probe.sh")}`;
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
both() { step_probe web br0 198.51.100.7 "icmp tcp:22"; step_probe web br0 2001:db8::7 "icmp tcp:22"; }
# Nothing of ours stays, and nothing went out.
left() { ip -o link | grep -c ' pn' || :; nft list tables | grep -c probe || :; }
`;

const shell = (text: string): string => {
  const argv = ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation", "private", "sh", "-c"];
  const { stdout, stderr } = spawnSync("unshare", [...argv, `${frame}\n${text}`], { encoding: "utf8" });
  return stdout + stderr;
};
const drop = (rule: string): string => `nft -f - <<'E'\n${rule}\nE\n`;

asRoot("a probe of a machine", () => {
  it("arrives in both families, leaves nothing behind, and lets nothing out", () => {
    // A rule of the router's that counts all that comes to it from the machine.
    const counter = drop(
      "table inet seen { counter from { }\n chain c { type filter hook prerouting priority 0; ip saddr 198.51.100.7 counter name from\nip6 saddr 2001:db8::7 counter name from\n}\n}",
    );
    const text = `${counter.replace("nft -f", "in_router nft -f")} both 2>/dev/null; left; in_router nft list counters | grep -o 'packets [0-9]*'`;
    expect(shell(text)).toBe("0\n0\npackets 0\n");
  });

  it("says which chain drops it", () => {
    const said = shell(
      `${drop("table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;\n}\n}")} both 2>/dev/null; left`,
    );
    expect(said).toBe(
      "warning: no packet from outside reaches web at 198.51.100.7: of icmp tcp:22, sent as if they came in by eth0, none arrived in the machine, dropped by table ip filter, chain FORWARD (policy drop); see pulumi-nspawn doctor web\n0\n0\n",
    );
  });

  it("tells a ping from what else does not arrive", () => {
    const rule = "table inet f { chain fw { type filter hook forward priority 0; meta l4proto tcp drop\n}\n}";
    expect(shell(`${drop(rule)} step_probe web br0 2001:db8::7 "icmp tcp:22" 2>/dev/null`)).toBe(
      "warning: a ping from outside reaches web at 2001:db8::7, and nothing else of icmp tcp:22, sent as if it came in by eth0, dropped by table inet f, chain fw (verdict drop); see pulumi-nspawn doctor web\n",
    );
  });

  it("says what the host says where it leads nowhere", () => {
    expect(
      shell(
        `ip route add blackhole 198.51.100.7 metric 0 2>/dev/null || ip route replace blackhole 198.51.100.7; step_probe web br0 198.51.100.7 icmp 2>/dev/null`,
      ),
    ).toMatch(
      /^warning: no packet from outside reaches web at 198\.51\.100\.7: .* none arrived in the machine, the host says: .*; see pulumi-nspawn doctor web\n$/,
    );
  });
});
