import { stringify } from "yaml";
import type { Metadata } from "./metadata";
import type { MetadataSource } from "./metadata-source";

const DNS4 = ["185.12.64.1", "185.12.64.2"];
const DNS6 = ["2a01:4ff:ff00::add:2", "2a01:4ff:ff00::add:1"];

/** Root logs in by key, as at Hetzner; cloud-init's own default forbids it. */
const VENDOR_DATA = "#cloud-config\ndisable_root: false\nssh_pwauth: false\n";

/** Hetzner's metadata of a server (cloud-init's DataSourceHetzner reads these paths). User data is answered as it was given; none is 204. */
export function renderMetadata(server: MetadataSource): Metadata {
  const location = server.location ?? "fsn1";
  const network = networkConfig(server);
  const zone = location === "hel1" ? "hel1-dc2" : location === "nbg1" ? "nbg1-dc3" : "fsn1-dc14";
  const metadata = {
    "availability-zone": zone,
    hostname: server.name,
    "instance-id": server.id,
    "local-ipv4": "",
    "network-config": network,
    "public-ipv4": server.ipv4 ?? "",
    "public-keys": server.sshKeys,
    region: "eu-central",
    vendor_data: VENDOR_DATA,
  };
  return {
    pages: {
      metadata: page(stringify(metadata), "text/yaml"),
      "metadata/hostname": page(server.name),
      "metadata/instance-id": page(String(server.id)),
      "metadata/public-ipv4": page(server.ipv4 ?? ""),
      "metadata/local-ipv4": page(""),
      "metadata/availability-zone": page(zone),
      "metadata/region": page("eu-central"),
      "metadata/public-keys": page(JSON.stringify(server.sshKeys)),
      "metadata/network-config": page(stringify(network), "text/yaml"),
      "metadata/private-networks": page(stringify(privateNetworks(server)), "text/yaml"),
      "metadata/vendor_data": page(VENDOR_DATA),
      userdata: server.userData === "" ? { ...page(""), status: 204 } : page(server.userData),
    },
    networkConfig: stringify(network),
    vendorData: VENDOR_DATA,
  };
}

function privateNetworks({ privateNetworks: places = [] }: MetadataSource): object[] {
  return places.map((place, index) => ({
    ...{ ip: place.ip, alias_ips: place.aliasIps, interface_num: index + 1, mac_address: place.macAddress },
    ...{ network_id: place.networkId, network_name: place.networkName, network: place.network },
    ...{ subnet: place.subnet, gateway: place.gateway },
  }));
}

function page(body: string, contentType = "text/plain"): Metadata["pages"][string] {
  return { status: 200, contentType: `${contentType}; charset=utf-8`, body };
}

function networkConfig(server: MetadataSource): Record<string, unknown> {
  const subnets = [
    ...(server.ipv4 === null ? [] : [ipv4Subnet(server.ipv4, server.image)]),
    ...(server.ipv6 === null ? [] : [ipv6Subnet(server.ipv6)]),
  ];
  return { version: 1, config: [{ type: "physical", name: "eth0", mac_address: server.macAddress, subnets }] };
}

/** The image `…-static` has the form that older installations have: the same address, written down. */
function ipv4Subnet(address: string, image: string): Record<string, unknown> {
  if (!image.endsWith("-static")) return { ipv4: true, type: "dhcp", dns_nameservers: DNS4 };
  return { ipv4: true, type: "static", address: `${address}/32`, gateway: "172.31.1.1", dns_nameservers: DNS4 };
}

/** The server's own address is the first of its /64. */
function ipv6Subnet(network: string): Record<string, unknown> {
  const address = network.replace(/::\/64$/, "::1/64");
  return { ipv6: true, type: "static", address, gateway: "fe80::1", dns_nameservers: DNS6 };
}
