import type { ServerSpec } from "../../lab/backend";
import { firstAddress, networkConfig, seedFiles, staticInterfaces } from "../../lab/servers/seed";

const server: ServerSpec = {
  id: 100002,
  name: "host-1",
  image: "debian-12",
  macAddress: "96:00:00:01:86:a2",
  ipv4: "203.0.113.2",
  ipv6: "2001:db8:1:1::/64",
  sshKeys: ["ssh-ed25519 AAAA op"],
  userData: "",
  createdAt: "2026-11-21T03:48:23.826Z",
};

test("network configuration as Hetzner's metadata gives it: IPv4 by DHCP, IPv6 static with fe80::1", () => {
  expect(networkConfig(server)).toEqual({
    version: 1,
    config: [
      {
        type: "physical",
        name: "eth0",
        mac_address: "96:00:00:01:86:a2",
        subnets: [
          { ipv4: true, type: "dhcp", dns_nameservers: ["185.12.64.1", "185.12.64.2"] },
          {
            ipv6: true,
            type: "static",
            address: "2001:db8:1:1::1/64",
            gateway: "fe80::1",
            dns_nameservers: ["2a01:4ff:ff00::add:1", "2a01:4ff:ff00::add:2"],
          },
        ],
      },
    ],
  });
});

test("netplan goes by the link's name: it would look for a permanent MAC address, which the lab's cables do not have", () => {
  const [link] = (networkConfig({ ...server, image: "debian-13-netplan" }) as { config: object[] }).config;
  const [usual] = (networkConfig({ ...server, image: "debian-13" }) as { config: object[] }).config;
  expect([link, usual]).toMatchObject([{ name: "eth0" }, { name: "eth0", mac_address: server.macAddress }]);
  expect(link).not.toHaveProperty("mac_address");
});

test("a family that is off is not configured", () => {
  const config = networkConfig({ ...server, ipv4: null }) as { config: { subnets: { ipv6?: boolean }[] }[] };
  expect(config.config[0]?.subnets.map((subnet) => subnet.ipv6)).toEqual([true]);
});

test("the seed carries id, keys and user data", () => {
  const files = seedFiles({ ...server, userData: "#cloud-config\nssh_keys: {}\n" });
  expect(JSON.parse(files["meta-data"] ?? "")).toEqual({
    "instance-id": "100002",
    "local-hostname": "host-1",
    "public-keys": ["ssh-ed25519 AAAA op"],
  });
  expect(files["user-data"]).toBe("#cloud-config\nssh_keys: {}\n");
});

test("first address of a network", () => {
  expect(firstAddress("2001:db8:1:1::/64")).toBe("2001:db8:1:1::1/64");
});

test("the static form of the seed documents", () => {
  expect(staticInterfaces(server)).toBe(`auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 203.0.113.2/32
    pointopoint 172.31.1.1
    gateway 172.31.1.1
    dns-nameservers 185.12.64.1 185.12.64.2

iface eth0 inet6 static
    address 2001:db8:1:1::1/64
    gateway fe80::1
`);
});
