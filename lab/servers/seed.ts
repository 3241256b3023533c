import type { ServerSpec } from "../backend";
import { hostImage, isOnLan } from "../images/host-images";
import { addresses } from "../network/addresses";

/** Files of cloud-init's NoCloud data source (https://docs.cloud-init.io, NoCloud), below var/lib/cloud/seed/nocloud. */
export function seedFiles(server: ServerSpec): Record<string, string> {
  return {
    "meta-data": yaml({
      "instance-id": String(server.id),
      "local-hostname": server.name,
      "public-keys": server.sshKeys,
    }),
    "user-data": server.userData || "#cloud-config\n{}\n",
    "vendor-data": "#cloud-config\n{}\n",
    "network-config": yaml(networkConfig(server)),
  };
}

// JSON is YAML; cloud-init reads both files with a YAML parser.
const yaml = (value: unknown): string => JSON.stringify(value, null, 1) + "\n";

/**
 * Version 1 network configuration as Hetzner's metadata gives it (hetzner.md 3.2): IPv4 by DHCP, IPv6 static. The static
 * images: IPv4 static as well. netplan would look for the link by its permanent MAC address, which a cable here has not.
 */
export function networkConfig(server: ServerSpec): object {
  const subnets: object[] = [];
  if (isPrivateAlone(server)) return { version: 1, config: [] };
  const { network, dialect } = hostImage(server.image);
  if (server.ipv4 && network === "static")
    subnets.push({
      type: "static",
      address: `${server.ipv4}/32`,
      gateway: addresses.gateway4,
      dns_nameservers: addresses.dns.slice(0, 2),
    });
  else if (server.ipv4) subnets.push({ ipv4: true, type: "dhcp", dns_nameservers: addresses.dns.slice(0, 2) });
  if (server.ipv6)
    subnets.push({
      ipv6: true,
      type: "static",
      address: firstAddress(server.ipv6),
      gateway: addresses.gateway6,
      dns_nameservers: addresses.dns.slice(2),
    });
  const link = dialect === "netplan" ? {} : { mac_address: server.macAddress };
  return { version: 1, config: [{ type: "physical", name: "eth0", ...link, subnets }] };
}

/** Whether a server has no public interface. */
export const isPrivateAlone = (server: Pick<ServerSpec, "image" | "ipv4" | "ipv6">): boolean =>
  server.ipv4 === null && server.ipv6 === null && !isOnLan(server);

/** `2001:db8:1::/64` → `2001:db8:1::1/64`, the address that a new server has in its network. */
export function firstAddress(network: string): string {
  const [prefix = "", length = "64"] = network.split("/");
  return `${prefix.replace(/::$/, "::")}1/${length}`;
}

/** The resolvers that a server without a DHCP lease has: of the families that it can reach, by a gateway where it has no public address. */
export function resolvConf(server: ServerSpec): string {
  const reachable = addresses.dns.filter((address) =>
    address.includes(":") ? server.ipv6 : (server.ipv4 ?? isPrivateAlone(server)),
  );
  return reachable.map((address) => `nameserver ${address}\n`).join("");
}

/** The static form that the seed documents show: a /32 whose gateway is a point-to-point neighbour. Written in place of cloud-init's file. */
export function staticInterfaces(server: ServerSpec): string {
  const lines = ["auto lo", "iface lo inet loopback", "", "auto eth0"];
  if (server.ipv4)
    lines.push(
      "iface eth0 inet static",
      `    address ${server.ipv4}/32`,
      `    pointopoint ${addresses.gateway4}`,
      `    gateway ${addresses.gateway4}`,
      `    dns-nameservers ${addresses.dns.slice(0, 2).join(" ")}`,
    );
  if (server.ipv6)
    lines.push(
      "",
      "iface eth0 inet6 static",
      `    address ${firstAddress(server.ipv6)}`,
      `    gateway ${addresses.gateway6}`,
    );
  return lines.join("\n") + "\n";
}
