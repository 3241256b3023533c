import { claimNetwork, claimRouted } from "../../provider/resources/duplicates";

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
