import { spawnSync } from "node:child_process";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { asRoot } from "../support/run-script";
import { bridgeArgs } from "../support/sample";

jest.setTimeout(60_000);

const rules = Object.entries(desiredBridge(bridgeArgs({ isolation: "tenant" })).files)
  .flatMap(([path, text]) => (path.endsWith(".nft") ? [text] : []))
  .join("")
  .replace(/^include .*$/m, "");

/** How many of 300 packets to each link pass the bridge's limit. Like hardware, `lo` is a link without a kind. */
const passed = (): string =>
  spawnSync(
    "unshare",
    [
      ...["--net", "sh", "-ec"],
      `ip link set lo up; ip link add br9 type bridge; ip link add ve-web type veth peer name far
      for link in br9 ve-web far; do ip link set $link up; ip addr add fd00:$((i = \${i:-0} + 1))::1/64 dev $link nodad; done
      printf '%s' "$1" | nft -f -
      nft 'add chain inet pulumi-nspawn-br0 before { type filter hook output priority 0; policy accept; }
        add chain inet pulumi-nspawn-br0 after { type filter hook output priority 1; policy accept; }
        add rule inet pulumi-nspawn-br0 before udp dport 9 jump nearby'
      for link in lo br9 ve-web; do nft "add rule inet pulumi-nspawn-br0 after udp dport 9 oifname $link counter"; done
      perl -MSocket=:all -e '
        for my $to ("::1", "fd00:1::9", "fd00:2::9") {
          socket(my $s, AF_INET6, SOCK_DGRAM, 0) or die; setsockopt($s, 41, 67, 1);
          for (1 .. 300) { send($s, "x", 0, pack_sockaddr_in6(9, inet_pton(AF_INET6, $to))) }
        }'
      nft list chain inet pulumi-nspawn-br0 after | sed -n 's/.*oifname "\\([^"]*\\)" counter packets \\([0-9]*\\).*/\\1 \\2/p'`,
      "sh",
      rules,
    ],
    { encoding: "utf8" },
  ).stdout.trim();

asRoot("questions on the uplink (needs root: a network namespace)", () => {
  it("are limited on a link without a kind, as hardware is, and on no machine's", () => {
    const counts = Object.fromEntries(
      passed()
        .split("\n")
        .map((line) => line.split(" ")),
    );
    expect(counts).toEqual({ lo: expect.stringMatching(/^1\d\d$/), br9: "300", "ve-web": "300" });
  });
});
