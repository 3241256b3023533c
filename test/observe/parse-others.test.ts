import { parseFacts } from "../../provider/observe/facts/parse-facts";

const raw = (texts: Record<string, string>) => parseFacts({ texts: new Map(Object.entries(texts)), files: new Map() });

describe("facts of what others have put on a host", () => {
  it("are routes set by hand, not the kernel's and not networkd's", () => {
    const facts = raw({
      route4:
        '[{"dst":"198.51.100.1","dev":"br0","protocol":"static","flags":[]},{"dst":"203.0.113.97","dev":"br0","scope":"link","flags":[]},{"type":"blackhole","dst":"203.0.113.99","flags":[]}]',
      route6: '[{"type":"blackhole","dst":"2001:db8:77::1","dev":"lo","metric":1024,"flags":[],"pref":"medium"}]',
    });
    expect(facts.handRoutes).toEqual([
      { destination: "203.0.113.97", dev: "br0", type: "unicast" },
      { destination: "203.0.113.99", dev: "", type: "blackhole" },
      { destination: "2001:db8:77::1", dev: "lo", type: "blackhole" },
    ]);
  });

  it("are rules that drop the packets of one address", () => {
    const facts = raw({
      rule4:
        '[{"priority":0,"src":"all","table":"local"},{"priority":50,"src":"203.0.113.98","action":"blackhole"},{"priority":51,"src":"10.0.0.0","srclen":8,"action":"prohibit"}]',
      rule6: '[{"priority":32765,"src":"all","dst":"2001:db8::5","action":"prohibit"}]',
    });
    expect(facts.deadRules).toEqual([
      { address: "203.0.113.98", text: "rule from 203.0.113.98 blackhole" },
      { address: "2001:db8::5", text: "rule to 2001:db8::5 prohibit" },
    ]);
  });

  it("are links that answer for everything, and what networkd makes of each", () => {
    const facts = raw({
      link: '[{"ifindex":2,"ifname":"eth0"},{"ifindex":16,"ifname":"br0"}]',
      "answers-all": "/proc/sys/net/ipv4/conf/all/proxy_arp:1\n/proc/sys/net/ipv4/conf/eth0/proxy_arp_pvlan:1\n",
      networkd:
        "/run/systemd/netif/links/2:ADMIN_STATE=unmanaged\n/run/systemd/netif/links/16:ADMIN_STATE=configured\n/run/systemd/netif/links/16:NETWORK_FILE=/etc/systemd/network/10-br0.network\n",
    });
    expect(facts.answeringAll).toEqual([
      { link: "all", setting: "proxy_arp" },
      { link: "eth0", setting: "proxy_arp_pvlan" },
    ]);
    expect(Object.fromEntries(facts.managed)).toEqual({
      eth0: { state: "unmanaged", file: "" },
      br0: { state: "configured", file: "/etc/systemd/network/10-br0.network" },
    });
  });

  it("are lines of files, and addresses in each dialect", () => {
    const facts = raw({
      others: "/etc/sysctl.d/99-x.conf\t\tnet.ipv4.ip_forward\t0\n/etc/systemd/network/x.network\tMatch\t\t\n",
      destinations: "198.51.100.7/32\n2001:db8::7/128\n10.0.0.0/8\n",
      "boot-addresses":
        "/etc/network/interfaces.d/60:  address 198.51.100.7\n/etc/network/interfaces:addr add 2001:DB8::7\n/etc/netplan/60.yaml:198.51.100.8/32\n",
    });
    expect(facts.settings).toEqual([
      { path: "/etc/sysctl.d/99-x.conf", section: "", key: "net.ipv4.ip_forward", value: "0" },
      { path: "/etc/systemd/network/x.network", section: "Match", key: "", value: "" },
    ]);
    expect([...facts.destinations]).toEqual(["198.51.100.7", "2001:db8::7", "10.0.0.0/8"]);
    expect(facts.bootAddresses).toEqual([
      { path: "/etc/network/interfaces.d/60", address: "198.51.100.7" },
      { path: "/etc/network/interfaces", address: "2001:db8::7" },
      { path: "/etc/netplan/60.yaml", address: "198.51.100.8" },
    ]);
  });
});
