/** Fixed addresses of each lab; all out of the documentation ranges, apart from Hetzner's own. */
export const addresses = {
  gateway4: "172.31.1.1",
  gateway6: "fe80::1",
  dns: ["185.12.64.1", "185.12.64.2", "2a01:4ff:ff00::add:1", "2a01:4ff:ff00::add:2"],
  metadata: "169.254.169.254",
  client4: "192.0.2.7",
  client6: "2001:db8:ffff::7",
  mirror4: "192.0.2.80",
  mirror6: "2001:db8:ffff::80",
  operator4: "192.0.2.130",
  operator6: "2001:db8:ffff:1::2",
} as const;

/** Hetzner's authoritative name servers, at their own addresses. */
export const nameServers = [
  { name: "hydrogen.ns.hetzner.com", ipv4: "213.133.100.98", ipv6: "2a01:4f8:0:1::add:1098" },
  { name: "oxygen.ns.hetzner.com", ipv4: "88.198.229.192", ipv6: "2a01:4f8:0:1::add:2992" },
  { name: "helium.ns.hetzner.de", ipv4: "193.47.99.5", ipv6: "2001:67c:192c::add:5" },
] as const;
