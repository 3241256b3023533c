import { parseFacts } from "../../provider/plan/parse-facts";

const raw = (texts: Record<string, string>) => parseFacts({ texts: new Map(Object.entries(texts)), files: new Map() });

describe("facts of a host", () => {
  it("have routes and proxies in the form of the live facts, both families", () => {
    const facts = raw({
      route4:
        '[{"dst":"default","gateway":"172.31.1.1","dev":"eth0","flags":["onlink"]},{"dst":"198.51.100.7","dev":"br0"},{"dst":"10.0.0.0/16","dev":"enp7s0"}]',
      route6:
        '[{"dst":"2001:db8:1::7","dev":"br0"},{"dst":"fe80::/64","dev":"eth0"},{"dst":"default","dev":"eth0","metric":1024}]',
      proxy4: '[{"dst":"198.51.100.7","dev":"eth0","proxy":null}]',
      proxy6: "[]",
    });
    expect([...facts.routes]).toEqual(
      expect.arrayContaining(["198.51.100.7/32 dev br0", "2001:db8:1::7/128 dev br0", "10.0.0.0/16 dev enp7s0"]),
    );
    expect([...facts.proxies]).toEqual(["198.51.100.7 dev eth0"]);
    expect(facts.defaultInterfaces).toEqual(["eth0", "eth0"]);
  });

  it("prefer the default route of the lowest metric, IPv4 first", () => {
    const facts = raw({
      route4: '[{"dst":"default","dev":"wlan0","metric":600},{"dst":"default","dev":"eth1","metric":100}]',
      route6: '[{"dst":"default","dev":"eth9"}]',
    });
    expect(facts.defaultInterfaces).toEqual(["eth1", "wlan0", "eth9"]);
  });

  it("have links with what is needed of them, and survive the empty objects that ip prints", () => {
    const facts = raw({
      link: '[{},{"ifname":"br0","flags":["BROADCAST","UP"],"mtu":1400,"linkinfo":{"info_kind":"bridge"}},{"ifname":"vb-web","flags":[],"mtu":1500,"master":"br0"}]',
      addr: '[{},{"ifname":"br0","addr_info":[{"local":"203.0.113.2","prefixlen":32},{}, {"local":"fe80::1","prefixlen":64}]}]',
    });
    expect(facts.links.get("br0")).toMatchObject({
      kind: "bridge",
      up: true,
      mtu: 1400,
      addresses: ["203.0.113.2/32", "fe80::1/64"],
    });
    expect(facts.links.get("vb-web")).toMatchObject({ up: false, master: "br0", addresses: [] });
  });

  it("have units whatever the order of their properties", () => {
    const facts = raw({
      units:
        "Id=a.service\nActiveState=active\nUnitFileState=enabled\n\nUnitFileState=\nActiveState=inactive\nId=b.service\n",
    });
    expect(Object.fromEntries(facts.units)).toEqual({
      "a.service": { active: "active", enabled: "enabled" },
      "b.service": { active: "inactive", enabled: "" },
    });
  });

  it("have records by key, settings, packages, guests, the system", () => {
    const facts = raw({
      records: "key\tk1\nowner\tp/s/host/one\nfile\t/a\nfile\t/b\nkey\tk2\nowner\tp/s/machine/web\n",
      sysctls: "net.ipv4.ip_forward\t1\n",
      packages: "debootstrap\tinstalled\n",
      "guest.web": "degraded\n3a:00:00:00:00:01\n",
      "guest.off": "",
      os: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
      systemd: "systemd 252 (252.39-1~deb12u1)\n",
    });
    expect(facts.records.get("k1")?.get("file")).toEqual(["/a", "/b"]);
    expect(facts.records.get("k2")?.get("owner")).toEqual(["p/s/machine/web"]);
    expect(facts.sysctls.get("net.ipv4.ip_forward")).toBe("1");
    expect(facts.packages.get("debootstrap")).toBe("installed");
    expect([facts.guests.get("web"), facts.guestMacs.get("web"), facts.guests.get("off")]).toEqual([
      "degraded",
      "3a:00:00:00:00:01",
      "",
    ]);
    expect([facts.os, facts.systemdVersion]).toEqual(["Debian GNU/Linux 12 (bookworm)", "252"]);
  });

  it("are empty, not an error, of a host that has nothing", () => {
    expect(raw({}).routes.size).toBe(0);
  });
});
