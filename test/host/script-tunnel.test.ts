import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** A host with an uplink and a narrower private network, a bridge, and the files of a tunnel; networkd is a shell function. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mount -t sysfs sysfs /sys
mkdir -p /run/dir/texts /run/etc; mount --bind /run/etc /etc/systemd/network
DIR=/run/dir KEEP="" CHANGED="" FAILED=""
fail() { echo "$1: $2"; exit 1; }
say() { :; }
await() { shift; "$@"; }
systemctl() { ip link add vx-5001 mtu 1450 type vxlan id 5001 local 203.0.113.5 dstport 4789; }
networkctl() { bridge link set dev vx-5001 isolated on learning off guard on; }
${hostFile("steps/network.sh")}
${hostFile("steps/tunnel.sh")}
${hostFile("steps/mesh.sh")}
ip link set lo up
ip link add eth0 type veth peer name far; ip link set far up; ip link set eth0 up
ip link add net1 mtu 1450 type veth peer name far1; ip link set far1 up; ip link set net1 up
ip addr add 203.0.113.5/32 dev eth0; ip addr add 2001:db8:1::1/64 dev eth0 nodad; ip addr add 10.0.0.2/24 dev net1
ip route add default via 172.31.1.1 dev eth0 onlink; ip -6 route add default via fe80::1 dev eth0
ip link add back type bridge; ip link set back up
printf '[Network]\nBridge=back\n[BridgeFDB]\nDestination=203.0.113.9\n[BridgeFDB]\nDestination=203.0.113.10\n' >/etc/systemd/network/10-vx-5001.network
peers() { printf '%s\n' "$@" >"$DIR/texts/peers"; }
peers 203.0.113.9
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return status === 0 || stdout !== "" ? stdout.trim() : stderr;
}

asRoot("what a tunnel needs of the host (needs root: a network namespace)", () => {
  const asked = (before: string, ...args: string[]): string =>
    shell(`${before}\nstep_underlay ${args.join(" ")} peers -; echo good`);

  test.each([
    ["over IPv4", ":", ["vx-5001", "203.0.113.5", "4789", "1450"]],
    ["over IPv6", "peers 2001:db8:2::1", ["vx-5001", "2001:db8:1::1", "4789", "1430"]],
    ["over a private network", "peers 10.0.0.3", ["vx-5001", "10.0.0.2", "4789", "1400"]],
    ["on a route that is wider", "ip link set eth0 mtu 9000", ["vx-5001", "203.0.113.5", "4789", "8950"]],
    ["as it was", "systemctl", ["vx-5001", "203.0.113.5", "4789", "1450"]],
  ])("is there: %s", (_, before, args) => {
    expect(asked(before, ...args)).toBe("good");
  });

  test.each<[string, string, string[], RegExp]>([
    [
      "an address that is another's",
      ":",
      ["vx-5001", "203.0.113.6", "4789", "1450"],
      /NSPAWN_INVALID_INPUT: 203\.0\.113\.6 is no address of this host, which has 203\.0\.113\.5 on eth0, 2001:db8:1::1 on eth0, 10\.0\.0\.2 on net1/,
    ],
    [
      "frames that do not fit",
      "peers 203.0.113.9 10.0.0.3",
      ["vx-5001", "10.0.0.2", "4789", "1450"],
      /NSPAWN_INVALID_INPUT: the bridge's MTU is 1450, and packets to the peer 10\.0\.0\.3, by net1, have 1450 .* mtu: 1400$/,
    ],
    [
      "a route that is narrower than its link",
      "ip route add 203.0.113.9 dev eth0 mtu 1400",
      ["vx-5001", "203.0.113.5", "4789", "1450"],
      /by eth0, have 1400 .* mtu: 1350$/,
    ],
    [
      "a peer that is itself",
      "peers 10.0.0.2",
      ["vx-5001", "203.0.113.5", "4789", "1450"],
      /NSPAWN_INVALID_INPUT: the peer 10\.0\.0\.2 is an address of this host itself/,
    ],
    [
      "a peer without a way",
      "ip route del default",
      ["vx-5001", "203.0.113.5", "4789", "1450"],
      /NSPAWN_INVALID_INPUT: there is no way from 203\.0\.113\.5 to the peer 203\.0\.113\.9/,
    ],
    [
      "a number that is somebody's",
      "ip link add flannel.1 type vxlan id 5001 local 203.0.113.5 dstport 4789",
      ["vx-5001", "203.0.113.5", "4789", "1450"],
      /NSPAWN_OWNED: VXLAN 5001 on UDP port 4789 is the link flannel\.1 already/,
    ],
  ])("is refused: %s", (_, before, args, message) => {
    expect(asked(before, ...args)).toMatch(message);
  });
});

asRoot("a bridge's tunnel (needs root: a network namespace)", () => {
  const up = "step_tunnel vx-5001 back 203.0.113.5 4789 1450";
  const told = `tunnels; cat /sys/class/net/vx-5001/mtu; is_tunnel_port vx-5001 back && echo apart; led_to vx-5001 | sort`;
  const good = "vx-5001 5001 203.0.113.5 4789\n1450\napart\n203.0.113.10\n203.0.113.9";

  test.each([
    ["is made where there is none", ":"],
    ["stays", up],
    ["comes into its bridge", `${up}; ip link set vx-5001 nomaster`],
    ["is kept apart again", `${up}; bridge link set dev vx-5001 isolated off learning on`],
    ["leads to all again", `${up}; bridge fdb del 00:00:00:00:00:00 dev vx-5001 dst 203.0.113.9`],
    ["leads to nobody else", `${up}; bridge fdb append 00:00:00:00:00:00 dev vx-5001 dst 203.0.113.11`],
    ["is made anew where it sends from elsewhere", "ip link add vx-5001 type vxlan id 5001 dstport 4790"],
    ["has its size", `${up}; ip link set vx-5001 mtu 1400`],
  ])("%s", (_, before) => {
    expect(shell(`${before}\n${up}\n${told}`)).toBe(good);
  });

  it("forgets what was behind a peer that it leads to no more", () => {
    const learnt = "bridge fdb add 02:00:00:00:00:01 dev vx-5001 dst 203.0.113.9 self dynamic";
    const gone = "sed -i /113.9$/d /etc/systemd/network/10-vx-5001.network";
    expect(shell(`${up}; ${learnt}; ${gone}; ${up}; bridge fdb show dev vx-5001 | grep -c 113.9 || true`)).toBe("0");
  });

  it("goes with its file", () => {
    const gone = "drop_tunnel /etc/systemd/network/10-vx-5001.netdev; has_link vx-5001 || echo gone";
    expect(shell(`${up}; ${gone}`)).toBe("gone");
  });

  it("is one of the bridge that its file names", () => {
    const asked = (link: string, bridge: string) => `is_tunnel_of ${link} ${bridge} && echo yes || echo no`;
    expect(shell([asked("vx-5001", "back"), asked("vx-5001", "br0"), asked("eth0", "back")].join("; "))).toBe(
      "yes\nno\nno",
    );
  });

  it("is the one of before after a rollback", () => {
    const snapshot = 'mkdir /run/keep; KEEP=/run/keep; : >"$KEEP/links"; tunnel_state >"$KEEP/net"';
    const other = "ip link del vx-5001; ip link add vx-5001 type vxlan id 5001 local 10.0.0.2 dstport 4789";
    expect(shell(`${up}; ${snapshot}; undo_tunnels; has_link vx-5001 && echo stays; ${other}; undo_tunnels; has_link vx-5001 || echo gone`)).toBe(
      "stays\ngone",
    );
  }); // prettier-ignore
});
