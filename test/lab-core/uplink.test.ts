import { cableBatch, linkLocal, routeCommand, uplinkFilter, type Cable } from "../../lab/network/uplink";

const cable: Cable = {
  serverId: 42,
  macAddress: "96:00:00:01:86:a2",
  ipv4: "203.0.113.2",
  ipv6: "2001:db8:1:1::/64",
  routed: ["198.51.100.1/32", "2001:db8:f::/64"],
};

test("the link-local address follows from the MAC address", () => {
  expect(linkLocal("96:00:00:01:86:a2")).toBe("fe80::9400:ff:fe01:86a2");
});

test("strict: every prefix is on the link, so the router asks for each address", () => {
  expect(cableBatch(cable, "strict")).toBe(`addr replace 172.31.1.1/32 dev srv42
addr replace fe80::1/64 dev srv42 nodad
link set srv42 up
route replace 203.0.113.2/32 dev srv42 src 172.31.1.1
route replace 2001:db8:1:1::/64 dev srv42
route replace 198.51.100.1/32 dev srv42 src 172.31.1.1
route replace 2001:db8:f::/64 dev srv42
`);
});

test("lenient: floating addresses and networks go to the server's own addresses", () => {
  expect(routeCommand(cable, "198.51.100.1/32", "lenient")).toBe(
    "route replace 198.51.100.1/32 via 203.0.113.2 dev srv42 onlink",
  );
  expect(routeCommand(cable, "2001:db8:f::/64", "lenient")).toBe(
    "route replace 2001:db8:f::/64 via 2001:db8:1:1::1 dev srv42 onlink",
  );
  expect(routeCommand(cable, "2001:db8:1:1::/64", "lenient")).toBe(
    "route replace 2001:db8:1:1::/64 via 2001:db8:1:1::1 dev srv42 onlink",
  );
  expect(routeCommand({ ...cable, ipv6: null }, "2001:db8:f::/64", "lenient")).toBe(
    "route replace 2001:db8:f::/64 via fe80::9400:ff:fe01:86a2 dev srv42 onlink",
  );
  expect(routeCommand(cable, "203.0.113.2/32", "lenient")).toBe(
    "route replace 203.0.113.2/32 dev srv42 src 172.31.1.1",
  );
});

test("lenient without a primary IPv4: nothing to route through, so the address is on the link", () => {
  expect(routeCommand({ ...cable, ipv4: null }, "198.51.100.1/32", "lenient")).toBe(
    "route replace 198.51.100.1/32 dev srv42 src 172.31.1.1",
  );
});

test("the filter lists exactly the server's own addresses", () => {
  const text = uplinkFilter(cable);
  expect(text).toContain("elements = { 203.0.113.2/32, 198.51.100.1/32 };");
  expect(text).toContain("elements = { 2001:db8:1:1::/64, 2001:db8:f::/64 };");
  expect(text).toContain("ether saddr != 96:00:00:01:86:a2 counter drop");
});

test("a server without a family has an empty set, not a broken one", () => {
  const text = uplinkFilter({ ...cable, ipv6: null, routed: [] });
  expect(text).toContain("set own_ipv6 { type ipv6_addr; flags interval;  }");
});
