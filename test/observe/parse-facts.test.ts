import { parseFacts } from "../../provider/observe/facts/parse-facts";

const raw = (texts: Record<string, string>) => parseFacts({ texts: new Map(Object.entries(texts)), files: new Map() });

describe("facts of a host", () => {
  it("have routes and proxies, both families", () => {
    const facts = raw({
      route4:
        '[{"dst":"default","gateway":"172.31.1.1","dev":"eth0","flags":["onlink"]},{"dst":"198.51.100.7","dev":"br0"},{"dst":"10.0.0.0/16","dev":"enp7s0"}]',
      route6:
        '[{"dst":"2001:db8:1::7","dev":"br0"},{"dst":"fe80::/64","dev":"eth0"},{"dst":"default","dev":"eth0","metric":1024}]',
      proxy4: '[{"dst":"198.51.100.7","dev":"eth0","proxy":null}]',
      proxy6: "[]",
    });
    expect(facts.routes).toEqual(
      expect.arrayContaining([
        { destination: "198.51.100.7/32", link: "br0" },
        { destination: "2001:db8:1::7/128", link: "br0" },
        { destination: "10.0.0.0/16", link: "enp7s0" },
        { destination: "default", link: "eth0", gateway: "172.31.1.1" },
      ]),
    );
    expect(facts.proxies).toEqual([{ address: "198.51.100.7", link: "eth0" }]);
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
      "guest.web": 'degraded\n[{"ifname":"host0","address":"3a:00:00:00:00:01"}]\n',
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
    expect(raw({}).routes).toEqual([]);
  });
});

describe("facts that our program does not write refuse the report", () => {
  const lists = ["link", "addr", "route4", "route6", "proxy4", "proxy6", "permanent", "fdb", "rule4", "rule6"];
  const shapes = [
    "{",
    "[{]",
    "null",
    "7",
    '"x"',
    "{}",
    "[null]",
    '["x"]',
    "[[]]",
    "[7]",
    '{"0":{"dst":"x"}}',
    "\u0000",
  ];

  it.each(lists)("lists of ip and bridge that are none: %s", (name) => {
    for (const shape of shapes)
      expect(() => raw({ [name]: shape })).toThrow(new RegExp(`the fact ${name}.*NSPAWN_REPORT`));
  });

  it.each([
    ["link", '[{"ifname":7}]', "ifname has to be a text"],
    ["link", '[{"mtu":1500}]', "ifname has to be a text"],
    ["link", '[{"ifname":"a","mtu":"1500"}]', "mtu has to be a number"],
    ["link", '[{"ifname":"a","mtu":-1}]', "mtu has to be a number"],
    ["link", '[{"ifname":"a","mtu":1.5}]', "mtu has to be a number"],
    ["link", '[{"ifname":"a","mtu":1e400}]', "mtu has to be a number"],
    ["link", '[{"ifname":"a","flags":"UP"}]', "flags has to be a list"],
    ["link", '[{"ifname":"a","flags":[{}]}]', "flags has to be a list of texts"],
    ["link", '[{"ifname":"a","master":{}}]', "master has to be a text"],
    ["link", '[{"ifname":"a","linkinfo":[]}]', "link.linkinfo has something that is no object"],
    ["link", '[{"ifname":"a","linkinfo":{"info_slave_data":{"isolated":"yes"}}}]', "isolated has to be true or false"],
    ["addr", '[{"ifname":"a","addr_info":{}}]', "addr_info has to be a list"],
    ["addr", '[{"ifname":"a","addr_info":["x"]}]', "addr.addr_info has something that is no object"],
    ["route4", '[{"dev":"a"}]', "dst has to be a text"],
    ["route4", '[{"dst":"default","dev":["a"]}]', "dev has to be a text"],
    ["route4", '[{"dst":"default","dev":"a","metric":null}]', "metric has to be a number"],
    ["route6", '[{"dst":"default","via":"x"}]', "route6.via has something that is no object"],
    ["proxy4", '[{"dst":"x"}]', "dev has to be a text"],
    ["rule4", '[{"action":7}]', "action has to be a text"],
  ])("entries in other forms: %s %s", (name, text, says) => {
    expect(() => raw({ [name]: text })).toThrow(new RegExp(`the fact .*${says}.*NSPAWN_REPORT`));
  });

  it("without end", () => {
    expect(() => raw({ route4: `[${'{"dst":"a"},'.repeat(400_001)}{}]` })).toThrow(/more than 400000 entries/);
    expect(() => raw({ route4: "[".repeat(400_001) })).toThrow(/more than 400000 entries/);
    expect(() => raw({ link: `["${"x".repeat(8_400_000)}"]` })).toThrow(/8388608 are allowed/);
    expect(() => raw({ records: "a\tb\n".repeat(200_001) })).toThrow(/more than 200000 lines/);
  });
});

describe("facts of a host that wants to harm", () => {
  it("have names that every object has as names like others", () => {
    const facts = raw({
      link: '[{"ifname":"__proto__","constructor":{"x":1}},{"ifname":"constructor","__proto__":{"master":"br0"}}]',
      addr: '[{"ifname":"__proto__","addr_info":[{"local":"192.0.2.1","prefixlen":32}]}]',
      records: "key\t__proto__\n__proto__\tx\nconstructor\ty\n",
      packages: "__proto__\tinstalled\n",
      units: "Id=__proto__\nActiveState=active\n__proto__=x\nconstructor=y\n",
      sysctls: "constructor\t1\n",
      "guest.__proto__": "running\n",
    });
    expect([...facts.links.keys()]).toEqual(["__proto__", "constructor"]);
    expect(facts.links.get("constructor")).toMatchObject({ master: undefined, kind: "" });
    expect(facts.links.get("__proto__")?.addresses).toEqual(["192.0.2.1/32"]);
    expect(facts.records.get("__proto__")?.get("constructor")).toEqual(["y"]);
    expect(facts.units.get("__proto__")?.active).toBe("active");
    expect(facts.guests.get("__proto__")).toBe("running");
    expect(({} as Record<string, unknown>).master).toBeUndefined();
  });

  it("are text", () => {
    const facts = raw({
      link: '[{"ifname":"a\\u001b[2J","master":"b\\u202e"}]',
      os: 'PRETTY_NAME="Debian \u001b]0;x\u0007"\n',
      systemd: `systemd ${"9".repeat(500)}\n`,
      logins: "root\tssh-ed25519 AAAA \u009b2J\n",
      units: "Id=a.service\nActiveState=active\u0007\n",
    });
    expect([...facts.links.values()][0]).toMatchObject({ ifname: "a\\u{1b}[2J", master: "b\\u{202e}" });
    expect(facts.os).toBe("Debian \\u{1b}]0;x\\u{7}");
    expect(facts.systemdVersion.length).toBeLessThanOrEqual(100);
    expect(facts.logins).toEqual([{ user: "root", key: "ssh-ed25519 AAAA \\u{9b}2J" }]);
    expect(facts.units.get("a.service")?.active).toBe("active\\u{7}");
  });

  it("take no time to speak of, however long their lines are", () => {
    const long = "1".repeat(1_000_000);
    const facts = raw({
      "boot-addresses": `/etc/x:${long}g\n`,
      units: `Id=a.service\nCPUQuotaPerSecUSec=${long}\n`,
      records: `key\tk\n${"file\t/a\n".repeat(150_000)}`,
    });
    expect(facts.bootAddresses).toEqual([{ path: "/etc/x", address: "" }]);
    expect(facts.units.get("a.service")?.limits?.CPUQuota).toHaveLength(100);
    expect(facts.records.get("k")?.get("file")).toHaveLength(150_000);
  });
});
