import { desiredBridge } from "../../provider/render/desired-bridge";
import { asRoot } from "../support/run-script";
import { bridgeArgs } from "../support/sample";
import { spawnSync } from "node:child_process";

jest.setTimeout(60_000);

const bridge = bridgeArgs({ bridge: "br0", mode: "transparent", isolation: "tenant", uplink: "eth0" });
const { files } = desiredBridge(bridge);
const ours = Object.entries(files).filter(([path]) => path.startsWith("/etc/pulumi-nspawn/filter/"));

/** A bridge with a machine, of which the LAN's DHCP server has said something. */
const scene = `
set -eu
mount -t tmpfs tmpfs /run; mkdir /run/netns /run/upper /run/work; mount -t sysfs sysfs /sys
mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work overlay /etc
mkdir -p /etc/pulumi-nspawn/filter
${ours.map(([path, text]) => `cat >${path} <<'OURS'\n${text}OURS`).join("\n")}
ip netns add guest
ip link add br0 type bridge forward_delay 0; ip link set br0 up
load() { sh /etc/pulumi-nspawn/filter/br0.sh load; }
load
ip link add vb-web type veth peer name host0 netns guest
ip link set vb-web master br0 up; ip -n guest link set host0 up
bridge fdb replace 02:00:00:00:00:07 dev vb-web master static sticky
nft add element bridge pulumi-nspawn-br0 holders '{ 0xc00002d5 : 0x020000000007 }'
changes() { ip netns exec guest cat /sys/class/net/host0/carrier_changes; }
before=$(changes)
`;

function run(text: string): string {
  const { status, stdout, stderr } = spawnSync("unshare", ["--net", "--mount", "sh", "-c", scene + text], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

asRoot("the filter of a bridge on a LAN", () => {
  test("keeps what the DHCP server has given when it is loaded again, and no machine is bothered", () => {
    const text = `load; echo $(($(changes) - before)); nft list map bridge pulumi-nspawn-br0 holders | grep -c 'elements = '`;
    expect(run(text)).toBe("0\n1");
  });

  test.each(["nft flush ruleset", "nft delete table bridge pulumi-nspawn-br0"])(
    "after %s it has clients ask anew, and their ports stay what they were",
    (flushed) => {
      const text = `${flushed}; load; echo $(($(changes) - before))
        cat /sys/class/net/vb-web/operstate; bridge fdb show brport vb-web | grep -o '^02:00:00:00:00:07.* static'
        before=$(changes); load; echo $(($(changes) - before))`;
      expect(run(text)).toMatch(/^2\nup\n02:00:00:00:00:07 .* static\n0$/);
    },
  );
});
