import { readFileSync } from "node:fs";
import { asset } from "../core/places";
import { hostImage } from "../images/host-images";

/**
 * What hc-utils does in Hetzner's images, hetzner.md 3.3: an interface whose MAC address begins with 86:00 gets its address by DHCP
 * as soon as it appears. There udev tells of it, which a container has not; here the kernel does. networkd sees it by itself.
 */
export function hotplugFiles(image: string): Record<string, { text: string; mode: number }> {
  if (hostImage(image).dialect === "netplan")
    return { "etc/systemd/network/20-hc-net.network": { text: byNetworkd, mode: 0o644 } };
  return {
    "etc/systemd/system/hc-net-ifup@.service": {
      text: hostImage(image).version === "12" ? dhclient : dhcpcd,
      mode: 0o644,
    },
    "etc/systemd/system/lab-hotplug.service": { text: hotplug, mode: 0o644 },
    "usr/local/sbin/lab-hotplug": { text: readFileSync(asset("hotplug.sh"), "utf8"), mode: 0o755 },
  };
}

/** Links that `systemctl enable` would make. */
export const hotplugLinks = (image: string): Record<string, string> =>
  hostImage(image).dialect === "netplan"
    ? {}
    : { "etc/systemd/system/multi-user.target.wants/lab-hotplug.service": "/etc/systemd/system/lab-hotplug.service" };

const unit = (service: string): string => `[Unit]
Description=DHCP on the private network's interface %i

[Service]
${service}`;

const dhclient = unit(`Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/dhclient -1 -4 -pf /run/dhclient.%i.pid -lf /var/lib/dhcp/dhclient.%i.leases %i
ExecStop=-/sbin/dhclient -x -pf /run/dhclient.%i.pid %i
`);

const dhcpcd = unit(`Type=simple
ExecStart=/usr/sbin/dhcpcd -B -4 --nohook resolv.conf --nohook hostname %i
`);

const hotplug = `[Unit]
Description=Interfaces of private networks, as udev and hc-utils have them

[Service]
ExecStart=/usr/local/sbin/lab-hotplug
Restart=always

[Install]
WantedBy=multi-user.target
`;

const byNetworkd = `[Match]
Name=enp*

[Network]
DHCP=ipv4
LinkLocalAddressing=no

[DHCPv4]
UseDNS=no
`;
