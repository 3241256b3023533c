import { claimIpv6, claimNetwork, claimRouted } from "../../provider/resources/duplicates";

describe("a network in which a host leases addresses", () => {
  it("is around no address that the host routes, whichever is declared first", () => {
    expect(claimNetwork("10.61.0.0/24", "one", 'BridgeNetwork "nat0"')).toBeUndefined();
    expect(() => claimRouted("10.61.0.77", "one", 'NspawnMachine "web"')).toThrow(
      'network 10.61.0.77/32 on one of NspawnMachine "web" overlaps with network 10.61.0.0/24 of BridgeNetwork "nat0"',
    );
    expect(claimRouted("10.62.0.77", "one", 'NspawnMachine "web"')).toBeUndefined();
    expect(() => claimNetwork("10.62.0.0/24", "one", 'BridgeNetwork "nat1"')).toThrow(
      /overlaps with network 10.62.0.77\/32/,
    );
  });

  it("may be around one of another host", () => {
    expect(claimRouted("10.61.0.77", "two", 'NspawnMachine "web"')).toBeUndefined();
  });
});

test("an IPv6 address or subnet is the same one in any spelling", () => {
  expect(claimIpv6("2001:DB8:1:2::99", "", "one")).toBeUndefined();
  expect(() => claimIpv6("2001:db8:1:2:0:0:0:99", "", "two")).toThrow(
    /address 2001:db8:1:2::99 is used twice: by one and by two/,
  );
  expect(claimIpv6("2001:DB8:F:B::/64", "", "one")).toBeUndefined();
  expect(() => claimIpv6("2001:db8:f:b:0::/64", "", "two")).toThrow(/subnet 2001:db8:f:b::\/64 is used twice/);
});
