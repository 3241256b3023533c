import { isOnLan } from "../../lab/images/host-images";
import { lan, lanBatch, lanCable, lanDhcpConfig } from "../../lab/network/lan";
import { topology } from "../../lab/network/topology";
import { lanFiles, lanLinks } from "../../lab/servers/lan-disk";

const host = {
  id: 7,
  name: "host-7",
  macAddress: "96:00:00:00:00:07",
  ipv4: null,
  ipv6: null,
  sshKeys: ["ssh-ed25519 AAAA op"],
  userData: "",
  createdAt: "2026-11-21T03:48:23.826Z",
};

test("all hosts of the LAN are ports of one bridge of the router, unlike a provider's cables", () => {
  expect(lanCable(7)).toBe("link set srv7 master lan0\nlink set srv7 up\n");
  expect(topology()[0]).toMatchObject({ namespace: "router", batch: expect.stringContaining(lanBatch()) as string });
  expect(lanBatch()).not.toMatch(/172\.31\.1\.1|fe80::1/);
});

test("its router leases out of a pool and advertises a network of its own", () => {
  const lines = lanDhcpConfig("/leases", 300).split("\n");
  expect(lines).toContain("interface=lan0");
  expect(lines).toContain("dhcp-range=192.0.2.200,192.0.2.250,255.255.255.192,300s");
  expect(lines).toContain(`dhcp-option=option:router,${lan.router4}`);
  expect(lines).toContain("dhcp-range=2001:db8:ffff:2::,ra-only,64,300s");
  const stateful = lanDhcpConfig("/leases", 300, "dhcpv6").split("\n");
  expect(stateful).toContain("dhcp-range=2001:db8:ffff:2::1000,2001:db8:ffff:2::1fff,64,300s");
  expect(stateful.join("\n")).not.toContain("ra-only");
});

test("its hosts are as Debian's installer leaves them, or networkd's, and never cloud-init's", () => {
  const installed = lanFiles({ ...host, image: "debian-13-lan" });
  expect(installed["etc/network/interfaces"]).toMatch(/iface eth0 inet dhcp\n.*\niface eth0 inet6 auto\n/);
  expect(installed["root/.ssh/authorized_keys"]).toBe("ssh-ed25519 AAAA op\n");
  expect(lanLinks({ ...host, image: "debian-13-lan" })).toEqual({});
  const networkd = lanFiles({ ...host, image: "debian-12-lan-networkd" });
  expect(networkd["etc/network/interfaces"]).not.toContain("eth0");
  expect(networkd["etc/systemd/network/20-wired.network"]).toContain("DHCP=yes");
  expect(Object.keys(lanLinks({ ...host, image: "debian-12-lan-networkd" }))).toHaveLength(1);
  for (const files of [installed, networkd]) expect(files).toHaveProperty(["etc/cloud/cloud-init.disabled"]);
});

test("only their images are on the LAN", () => {
  expect(["debian-12", "debian-12-static", "debian-12-lan"].map((image) => isOnLan({ image }))).toEqual([
    false,
    false,
    true,
  ]);
});
