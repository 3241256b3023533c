import type { ServerSpec } from "../backend";
import { hostImage } from "../images/host-images";

/** As Debian's installer leaves a host, but for `auto` in the place of `allow-hotplug`: a container gets no such event. */
const ifupdown = `# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
auto eth0
iface eth0 inet dhcp
# This is an autoconfigured IPv6 interface
iface eth0 inet6 auto
`;

const networkd = `[Match]
Name=eth0

[Network]
DHCP=yes
`;

/** What a host of the LAN has on its disk beside the image: no cloud-init, its own keys, its network. */
export function lanFiles(server: ServerSpec): Record<string, string> {
  const byNetworkd = hostImage(server.image).dialect === "networkd";
  return {
    "etc/cloud/cloud-init.disabled": "",
    "root/.ssh/authorized_keys": server.sshKeys.map((key) => `${key}\n`).join(""),
    "etc/hosts": `127.0.0.1 localhost\n127.0.1.1 ${server.name}\n::1 localhost ip6-localhost ip6-loopback\n`,
    ...(byNetworkd
      ? {
          "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
          "etc/systemd/network/20-wired.network": networkd,
        }
      : { "etc/network/interfaces": ifupdown }),
  };
}

/** Links that `systemctl enable` would make. */
export function lanLinks(server: ServerSpec): Record<string, string> {
  const wants = "etc/systemd/system/multi-user.target.wants";
  return hostImage(server.image).dialect === "networkd"
    ? { [`${wants}/systemd-networkd.service`]: "/lib/systemd/system/systemd-networkd.service" }
    : {};
}
