import { NAMESERVERS } from "../../lab/api/zones/zone-view";
import { nameServers } from "../../lab/network/addresses";
import { dhcpConfig, dnsConfig, topology } from "../../lab/network/topology";

test("default routes lead to the lab's router only, and the router has none", () => {
  for (const { namespace, batch } of topology()) {
    const defaults = batch.split("\n").filter((line) => line.includes("route add default"));
    if (namespace === "router") expect(defaults).toEqual([]);
    else for (const line of defaults) expect(line).toMatch(/ via (192\.0\.2\.(1|129)|2001:db8:ffff:(1:)?:1)( |$)/);
  }
});

test("the resolvers ask the lab's name servers only, and name the package mirror", () => {
  const lines = dnsConfig().split("\n");
  expect(lines).toContain("no-resolv");
  expect(lines.filter((line) => line.startsWith("server="))).toEqual(["server=213.133.100.98"]);
  expect(lines).toContain("host-record=deb.debian.org,192.0.2.80,2001:db8:ffff::80");
});

test("the name servers are those that the API names, at addresses of the router", () => {
  expect(nameServers.map(({ name }) => `${name}.`)).toEqual(NAMESERVERS);
  const router = topology().find(({ namespace }) => namespace === "router")?.batch;
  for (const { ipv4, ipv6 } of nameServers) {
    expect(router).toContain(`addr add ${ipv4}/32 dev lo`);
    expect(router).toContain(`addr add ${ipv6}/128 dev lo nodad`);
  }
});

test("DHCP gives a /32 with the gateway on link", () => {
  const lines = dhcpConfig("/hosts", "/leases", 300).split("\n");
  expect(lines).toContain("dhcp-option=option:netmask,255.255.255.255");
  expect(lines).toContain("dhcp-option=option:classless-static-route,172.31.1.1/32,0.0.0.0,0.0.0.0/0,172.31.1.1");
  expect(lines).toContain("dhcp-range=203.0.113.0,static,255.255.255.0,300s");
});
