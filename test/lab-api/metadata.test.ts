import { parse } from "yaml";
import { renderMetadata } from "../../lab/api";

const server = {
  id: 100001,
  name: "host-1",
  image: "debian-12",
  macAddress: "96:00:00:01:86:a1",
  ipv4: "203.0.113.2",
  ipv6: "2001:db8:1:1::/64",
  sshKeys: ["ssh-ed25519 AAAA one"],
  userData: "",
};

test("metadata as cloud-init's Hetzner source reads it", () => {
  const { pages } = renderMetadata(server);
  const metadata = parse(pages["metadata"]?.body ?? "");
  expect(metadata).toMatchObject({
    hostname: "host-1",
    "instance-id": 100001,
    "public-ipv4": "203.0.113.2",
    "public-keys": ["ssh-ed25519 AAAA one"],
    region: "eu-central",
  });
  expect(metadata["network-config"]).toEqual({
    version: 1,
    config: [
      {
        type: "physical",
        name: "eth0",
        mac_address: "96:00:00:01:86:a1",
        subnets: [
          { ipv4: true, type: "dhcp", dns_nameservers: ["185.12.64.1", "185.12.64.2"] },
          {
            ipv6: true,
            type: "static",
            address: "2001:db8:1:1::1/64",
            gateway: "fe80::1",
            dns_nameservers: ["2a01:4ff:ff00::add:2", "2a01:4ff:ff00::add:1"],
          },
        ],
      },
    ],
  });
  expect(pages["metadata/hostname"]?.body).toBe("host-1");
});

test("user data as given; none is 204", () => {
  expect(renderMetadata(server).pages["userdata"]).toMatchObject({ status: 204, body: "" });
  const given = { ...server, userData: "#cloud-config\nruncmd: []\n" };
  expect(renderMetadata(given).pages["userdata"]).toMatchObject({ status: 200, body: "#cloud-config\nruncmd: []\n" });
});

test("a family that is off is absent; the static image has its address written down", () => {
  const six = parse(renderMetadata({ ...server, ipv4: null }).networkConfig);
  expect(six.config[0].subnets).toHaveLength(1);
  const fixed = parse(renderMetadata({ ...server, image: "debian-12-static" }).networkConfig);
  expect(fixed.config[0].subnets[0]).toMatchObject({
    type: "static",
    address: "203.0.113.2/32",
    gateway: "172.31.1.1",
  });
});
