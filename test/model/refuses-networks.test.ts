import { parseBridge } from "../../provider/model/parse-bridge";
import { parseFloatingIp } from "../../provider/model/parse-floating-ip";
import { parseMachine } from "../../provider/model/parse-machine";
import type { Parsed } from "../../provider/model/problem";
import { changed, problemsOf } from "../support/refusal";
import { bridgeArgs, floatingIpArgs, machineArgs } from "../support/sample";

const floating6 = floatingIpArgs({ type: "ipv6", address: "2001:db8:f::1", network: "2001:db8:f::/64" });

function refuser(parse: (inputs: unknown) => Parsed<unknown>, base: object) {
  return (name: string, value: unknown, at: string, message: RegExp): void => {
    const problems = problemsOf(parse(changed(base, [name], value)));
    expect(problems).toEqual([{ path: at, message: expect.stringMatching(message) }]);
  };
}

describe("a protected bridge", () => {
  const refuses = refuser(parseBridge, bridgeArgs({ isolation: "tenant" }));
  test.each<[string, unknown, string, RegExp]>([
    ["allowBetween", [["Web"]], "allowBetween[0][0]", /must be a host name/],
    ["allowBetween", [["web", "web"]], "allowBetween[0][1]", /is in the group twice/],
    ["allowBetween", [[]], "allowBetween[0]", /must have 1 to 1023 elements/],
    ["hostServices", [{ protocol: "sctp", port: 22 }], "hostServices[0].protocol", /must be "tcp" or "udp"/],
    ["hostServices", [{ protocol: "tcp", port: "22" }], "hostServices[0].port", /must be an integer from 1 to 65535/],
    ["hostServices", [{ protocol: "tcp" }], "hostServices[0].port", /is required/],
  ])("refuses %s = %j", refuses);
});

describe("a bridge whose machines have cables of their own", () => {
  const refuses = refuser(parseBridge, bridgeArgs({ isolation: "tenant", attach: "veth" }));
  test.each<[string, unknown, string, RegExp]>([
    ["attach", "macvlan", "attach", /must be "bridge" or "veth"/],
    ["isolation", "none", "attach", /needs isolation: "tenant"/],
  ])("refuses %s = %j", refuses);

  test("is no bridge of the LAN", () => {
    const lan = bridgeArgs({ isolation: "tenant", attach: "veth", mode: "transparent", uplink: "eth0" });
    expect(problemsOf(parseBridge(lan))).toEqual([
      { path: "attach", message: expect.stringMatching(/needs mode: "routed"/) },
    ]);
  });
});

describe("a machine's firewall", () => {
  const networks = machineArgs().networks.map((network) => ({ ...network, isolation: "tenant" as const }));
  const open = { direction: "in", protocol: "tcp", port: "80", sources: ["::/0"] };
  test.each<[object, string, RegExp]>([
    [{ direction: "inbound" }, "direction", /must be "in" or "out"/],
    [{ protocol: "sctp" }, "protocol", /must be "tcp" or "udp" or "icmp"/],
    [{ port: "0" }, "port", /must be a port, a range/],
    [{ port: "90-80" }, "port", /must be a port, a range/],
    [{ port: "80-65536" }, "port", /must be a port, a range/],
    [{ port: "80 accept" }, "port", /must be a port, a range/],
    [{ port: 80 }, "port", /must be a text/],
    [{ port: undefined }, "port", /is required with protocol "tcp"/],
    [{ protocol: "icmp" }, "port", /has no effect with protocol "icmp"/],
    [{ sources: undefined }, "sources", /is required with direction "in"/],
    [{ sources: [] }, "sources", /must have 1 to 100 elements/],
    [{ sources: ["198.51.100.7/24"] }, "sources[0]", /host bits are set, the network is 198.51.100.0\/24/],
    [{ sources: ["10.0.0.0/33"] }, "sources[0]", /must be a network in CIDR form/],
    [{ sources: ["10.0.0.0/8/"] }, "sources[0]", /must be a network in CIDR form/],
    [{ sources: ["::1"] }, "sources[0]", /not an IPv6 network/],
    [{ sources: ["0.0.0.0/0 drop"] }, "sources[0]", /must be a network in CIDR form/],
    [{ destinations: ["::/0"] }, "destinations", /has no effect with direction "in"/],
  ])("refuses a rule with %j", (change, at, message) => {
    const problems = problemsOf(parseMachine({ ...machineArgs({ networks }), firewall: [{ ...open, ...change }] }));
    expect(problems).toEqual([{ path: `firewall[0].${at}`, message: expect.stringMatching(message) }]);
  });

  test("needs a bridge that protects its machines", () => {
    const problems = problemsOf(parseMachine({ ...machineArgs(), firewall: [open] }));
    expect(problems).toEqual([{ path: "firewall", message: expect.stringMatching(/isolation: "tenant"/) }]);
  });
});

describe("a bridge", () => {
  const refuses = refuser(parseBridge, bridgeArgs());
  const malformed = ["br0:1", "br 0", "sixteen-bytes-br", "../../ipv4", "", "0br", "br0\n", "-br", "br.0", "bré", "%i"];
  test.each(malformed)("is not named %j", (name) => refuses("bridge", name, "bridge", /must be an interface name/));

  test.each(["eth0", "lo", "all", "default", "vb-web", "ve-web", "ens3", "enp1s0", "wlan0"])(
    "does not take the reserved name %j",
    (name) => {
      refuses("bridge", name, "bridge", /reserved for another interface/);
    },
  );

  test.each(["br0", "br-container", "Fifteen_bytes-1", "mgmt"])("may be named %j", (bridge) => {
    expect(parseBridge(bridgeArgs({ bridge })).ok).toBe(true);
  });

  test.each<[string, unknown, string, RegExp]>([
    ["bridge", undefined, "bridge", /is required/],
    ["mode", "transparent", "uplink", /is required: it becomes a port of the bridge/],
    ["mode", "magic", "mode", /^must be "isolated" or "nat" or "routed" or "transparent" \(got "magic"\)$/],
    ["isolation", "full", "isolation", /must be "none" or "tenant" \(got "full"\)/],
    ["isolation", true, "isolation", /must be "none" or "tenant" \(got true\)/],
    ["allowBetween", "none", "allowBetween", /needs isolation: "tenant"/],
    ["allowBetween", 7, "allowBetween", /must be "all", "none", or a list of groups of machine names \(got 7\)/],
    ["hostServices", [{ protocol: "tcp", port: 22 }], "hostServices", /needs isolation: "tenant"/],
    ["ipv4", "203.0.113.2/32", "ipv4", /canonical IPv4 address/],
    ["ipv4", "2001:db8::1", "ipv4", /canonical IPv4 address/],
    ["ipv4", "127.0.0.1", "ipv4", /loopback/],
    ["ipv4", "172.31.1.1", "ipv4", /gateway/],
    ["ipv4", "", "ipv4", /canonical IPv4 address/],
    ["ipv6", "2001:db8:1::1/64", "ipv6", /host bits are set, the network is 2001:db8:1::\/64/],
    ["ipv6", "2001:db8:1::/129", "ipv6", /128 at most, not 129/],
    ["ipv6", "2001:db8:1::/-1", "ipv6", /not an IPv6 network/],
    ["ipv6", "2001:db8:1::/", "ipv6", /not an IPv6 network/],
    ["ipv6", "2001:db8:1::", "ipv6", /not an IPv6 network/],
    ["ipv6", "::/0", "ipv6", /too wide/],
    ["ipv6", "2001:db8::/32", "ipv6", /\/32 is too wide, \/48 is the widest/],
    ["ipv6", "2001:db8::/113", "ipv6", /too narrow/],
    ["ipv6", "fe80::/64", "ipv6", /link-local/],
    ["ipv6", "10.0.0.0/8", "ipv6", /not an IPv6 network/],
    ["ipv6", { prefix: "auto" }, "ipv6", /must be a text \(got an object\)/],
    ["mtu", 1279, "mtu", /at least 1280 on a bridge with IPv6/],
    ["mtu", 68, "mtu", /integer from 576 to 65535/],
    ["mtu", "1500", "mtu", /integer from 576/],
    ["mtu", Infinity, "mtu", /integer from 576/],
    ["allowForeignMacs", true, "allowForeignMacs", /means something in mode "transparent" only/],
    ["dhcpServer", { poolSize: 5 }, "dhcpServer", /means something in mode "nat" only/],
    ["allowForeignMacs", 1, "allowForeignMacs", /true or false/],
    ["adopt", "no", "adopt", /true or false/],
    ["attach", "veth", "attach", /needs isolation: "tenant"/],
    ["ipvlan", true, "ipvlan.value", /is not an argument/],
    ["isolaton", "none", "isolaton.value", /did you mean "isolation"\?/],
  ])("refuses %s = %j", refuses);

  describe("of mode transparent", () => {
    const transparent = (changes: object = {}): ReturnType<typeof parseBridge> =>
      parseBridge(bridgeArgs({ mode: "transparent", uplink: "eth0", ...changes }));

    it("takes an uplink in", () => expect(transparent()).toMatchObject({ ok: true, value: { uplink: "eth0" } }));

    it("is refused on a server of Hetzner, with the reason and the way out", () => {
      const parsed = transparent({ atHetzner: true });
      expect(parsed).toMatchObject({ ok: false, problems: [{ path: "mode" }] });
      expect(JSON.stringify(parsed)).toMatch(/Hetzner locks servers.*allowForeignMacs: true/);
    });

    it("is let through where foreign MAC addresses are", () =>
      expect(transparent({ atHetzner: true, allowForeignMacs: true }).ok).toBe(true));

    it("is not the uplink itself", () =>
      expect(transparent({ bridge: "lan", uplink: "lan" })).toMatchObject({ problems: [{ path: "bridge" }] }));
  });

  it("of IPv4 alone may have a small MTU", () =>
    expect(parseBridge(bridgeArgs({ ipv6: undefined, mtu: 576 })).ok).toBe(true));

  it("has its network in canonical form", () => {
    expect(parseBridge(bridgeArgs({ ipv6: "2001:DB8:0001:0::/64" }))).toMatchObject({
      ok: true,
      value: { ipv6: "2001:db8:1::/64" },
    });
  });
});

describe("a floating address", () => {
  const refuses = refuser(parseFloatingIp, floatingIpArgs());
  test.each<[string, unknown, string, RegExp]>([
    ["type", "ipv5", "type", /must be "ipv4" or "ipv6"/],
    ["type", undefined, "type", /is required/],
    ["address", "198.51.100.7/32", "address", /canonical/],
    ["address", "169.254.169.254", "address", /link-local/],
    ["address", "2001:db8:f::1", "address", /must be of type ipv4/],
    ["address", undefined, "address", /is required/],
    ["network", "2001:db8:f::/64", "network", /only an IPv6 address has a network/],
    ["name", "../x", "name", /must begin with a letter or digit/],
    ["name", ".hidden", "name", /must begin with a letter or digit/],
    ["name", "a b", "name", /only letters, digits/],
    ["name", "a\n198.51.100.9", "name", /control character at 1/],
    ["adress", "198.51.100.7", "adress.value", /did you mean "address"\?/],
  ])("refuses %s = %j", refuses);

  const refuses6 = refuser(parseFloatingIp, floating6);
  test.each<[string, unknown, string, RegExp]>([
    ["network", undefined, "network", /is required for an IPv6 address/],
    ["network", "2001:db8:f::1/64", "network", /host bits/],
    ["address", "2001:db8:e::1", "address", /must be in 2001:db8:f::\/64/],
    ["address", "fe80::1%eth0", "address", /without prefix length, scope/],
    ["address", "198.51.100.7", "address", /must be of type ipv6/],
  ])("of IPv6 refuses %s = %j", refuses6);

  it("is accepted in both families", () => {
    expect(parseFloatingIp(floatingIpArgs())).toEqual({ ok: true, value: floatingIpArgs() });
    expect(parseFloatingIp(floating6)).toEqual({ ok: true, value: floating6 });
  });
});
