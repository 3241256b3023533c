import { mirrorHosts } from "../packages/contents";
import { addresses, nameServers } from "./addresses";
import { lanBatch } from "./lan";

export const apiPort = 8080;

/** `ip -batch` texts, one per namespace, in the order in which they must run. No namespace gets a route that leaves the lab. */
export function topology(): { namespace: string; batch: string }[] {
  const a = addresses;
  return [
    { namespace: "router", batch: routerBatch() },
    {
      namespace: "client",
      batch: `link set lo up
addr add ${a.client4}/25 dev eth0
addr add ${a.mirror4}/25 dev eth0
addr add ${a.client6}/64 dev eth0 nodad
addr add ${a.mirror6}/64 dev eth0 nodad
link set eth0 up
route add default via 192.0.2.1 src ${a.client4}
route add default via 2001:db8:ffff::1 src ${a.client6}
`,
    },
    {
      namespace: "operator",
      batch: `link set lo up
addr add ${a.operator4}/30 dev eth0
addr add ${a.operator6}/64 dev eth0 nodad
link set eth0 up
route add default via 192.0.2.129
route add default via 2001:db8:ffff:1::1
`,
    },
  ];
}

function routerBatch(): string {
  const names = nameServers.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
  const own = [...addresses.dns, ...names, addresses.metadata].map(
    (ip) => `addr add ${ip}/${ip.includes(":") ? 128 : 32} dev lo${ip.includes(":") ? " nodad" : ""}`,
  );
  return `link set lo up
${own.join("\n")}
link add client type veth peer name eth0 netns client
link add operator type veth peer name eth0 netns operator
addr add 192.0.2.1/25 dev client
addr add 2001:db8:ffff::1/64 dev client nodad
addr add 192.0.2.129/30 dev operator
addr add 2001:db8:ffff:1::1/64 dev operator nodad
link set client up
link set operator up
${lanBatch()}`;
}

/** Kernel settings inside the namespaces: `NAMESPACE KEY=VALUE` lines. */
export const sysctls = (): string =>
  [
    "router net.ipv4.ip_forward=1",
    "router net.ipv6.conf.all.forwarding=1",
    "router net.ipv4.conf.all.rp_filter=0",
    "router net.ipv4.conf.default.rp_filter=0",
    // A router at a provider tells nobody of shorter ways, and never takes part in address detection on a customer's link.
    "router net.ipv4.conf.all.send_redirects=0",
    "router net.ipv4.conf.default.send_redirects=0",
    "router net.ipv6.conf.default.accept_dad=0",
    "router net.ipv6.conf.default.accept_ra=0",
    "client net.ipv6.conf.default.accept_ra=0",
    "operator net.ipv6.conf.default.accept_ra=0",
  ].join("\n") + "\n";

/**
 * dnsmasq(8) as the provider's resolvers: it knows the package mirror, and asks the name servers for everything else. Nothing is
 * cached, so that a change of a record is seen at once.
 */
export function dnsConfig(): string {
  const a = addresses;
  return [
    "no-resolv", "no-hosts", "bind-interfaces", "user=root", "keep-in-foreground", "no-daemon", "log-facility=-", "pid-file=",
    ...a.dns.map((ip) => `listen-address=${ip}`),
    "cache-size=0",
    `server=${nameServers[0].ipv4}`,
    ...nameServers.map(({ name, ipv4, ipv6 }) => `host-record=${name},${ipv4},${ipv6}`),
    ...mirrorHosts.map((host) => `host-record=${host},${a.mirror4},${a.mirror6}`),
    `host-record=client.lab.test,${a.client4},${a.client6}`,
  ].join("\n") + "\n"; // prettier-ignore
}

/** dnsmasq(8) as the provider's DHCP: a /32 with the gateway on link (option 121), for known MAC addresses only; hosts are files of `hostsDir`. */
export function dhcpConfig(hostsDir: string, leaseFile: string, leaseSeconds: number): string {
  const a = addresses;
  return [
    "port=0", "interface=srv*", "bind-dynamic", "user=root", "keep-in-foreground", "no-daemon", "log-facility=-", "pid-file=",
    `shared-network=${a.gateway4},203.0.113.0`,
    `dhcp-range=203.0.113.0,static,255.255.255.0,${leaseSeconds}s`,
    `dhcp-leasefile=${leaseFile}`,
    `dhcp-hostsdir=${hostsDir}`,
    "dhcp-authoritative",
    "dhcp-option=option:netmask,255.255.255.255",
    `dhcp-option=option:router,${a.gateway4}`,
    `dhcp-option=option:dns-server,${a.dns[0]},${a.dns[1]}`,
    `dhcp-option=option:classless-static-route,${a.gateway4}/32,0.0.0.0,0.0.0.0/0,${a.gateway4}`,
  ].join("\n") + "\n"; // prettier-ignore
}
