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
