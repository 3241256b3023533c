import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { uplinkScript } from "../../provider/render/uplink-script";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** A host whose uplink script, written for ndppd(1), has run with two subnets in its lists. */
const frame = (uplink?: string): string => String.raw`
set -eu
${hostLibrary()}
${hostFile("steps/strays.sh")}
${hostFile("steps/subnets.sh")}
mount -t tmpfs tmpfs /run; mkdir -p /run/etc/pulumi-nspawn/proxies.d /run/bin; mount --bind /run/etc /etc
printf '#!/bin/sh\n' >/run/bin/systemctl; chmod 0755 /run/bin/systemctl; PATH=/run/bin:$PATH
ip link set lo up; ip link add eth0 type veth peer name srv; ip link set srv up; ip link set eth0 up
ip link add eth1 type veth peer name srv1; ip link set srv1 up; ip link set eth1 up
ip addr add 203.0.113.5/24 dev eth0; ip route add default via 203.0.113.1
printf '198.51.100.7\n2001:db8:1:0:5::/80\n' >/etc/pulumi-nspawn/proxies.d/machine-web.conf
printf '2001:db8:1:0:6::/80\n' >/etc/pulumi-nspawn/proxies.d/machine-db.conf
cat >/etc/pulumi-nspawn/uplink <<'SCRIPT'
${uplinkScript(uplink, "ndppd").replace("PATH=/usr", "PATH=/run/bin:/usr")}
SCRIPT
sh /etc/pulumi-nspawn/uplink
conf=/run/pulumi-nspawn/ndppd.conf
`;

function shell(text: string, uplink?: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const argv = [...spaces, "sh", "-c", `${frame(uplink)}\n${text}`];
  const { stdout, stderr } = spawnSync("unshare", argv, { encoding: "utf8" });
  return stdout.trim() || stderr;
}

asRoot("the configuration of what answers for subnets (needs root: a network namespace)", () => {
  test.each([[undefined], ["eth1"]])("is as listed once the uplink script has run, for the uplink %s", (uplink) => {
    expect(shell("cat $conf; answers_for", uplink)).toMatch(
      new RegExp(`^proxy ${uplink ?? "eth0"} \\{\n.*6::/80.*5::/80.*\nas listed$`, "s"),
    );
  });

  test.each([
    ["gone", "rm $conf", "absent"],
    ["without one of them", "sed -i /6::/,+2d $conf", "changed"],
    ["with another one", "sed -i 's/6::/7::/' $conf", "changed"],
    ["for another link", "sed -i s/eth0/eth1/ $conf", "changed"],
    ["as it was before a list changed", "rm /etc/pulumi-nspawn/proxies.d/machine-db.conf", "changed"],
    ["made for no subnet", "rm /etc/pulumi-nspawn/proxies.d/*; sh /etc/pulumi-nspawn/uplink", "as listed"],
  ])("is told when it is %s", (_, change, expected) => {
    expect(shell(`${change}; answers_for`)).toBe(expected);
  });
});
