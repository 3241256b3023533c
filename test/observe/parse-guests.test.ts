import { parseGuests } from "../../provider/observe/facts/parse-guests";

const address = (local: string, more: object = {}) => ({
  family: "inet",
  local,
  prefixlen: 24,
  scope: "global",
  ...more,
});
const said = (state: string, link: unknown, ...addresses: object[]): string =>
  `${state}\n${JSON.stringify([link])} \n${JSON.stringify([{}, { ifname: "host0", addr_info: addresses }])} \n`;
const guest = (text: string) => {
  const { guests, guestMacs, guestAddresses } = parseGuests(new Map([["guest.web", text]]));
  return [guests.get("web"), guestMacs.get("web"), guestAddresses.get("web")];
};
const link = { ifname: "host0", address: "3a:00:00:00:00:01" };

describe("what a running machine says of itself", () => {
  it("is its state, its MAC address and the addresses that last, of both families", () => {
    const text = said(
      "running",
      link,
      address("198.51.100.7"),
      address("2001:db8:1::7"),
      address("2001:db8:1::8", { temporary: true }),
      address("2001:db8:1::9", { tentative: true }),
      address("fe80::1", { scope: "link" }),
    );
    expect(guest(text)).toEqual(["running", "3a:00:00:00:00:01", ["198.51.100.7", "2001:db8:1::7"]]);
  });

  it("is not what an alias or a label of its host0 pretends", () => {
    const alias = { ...link, ifalias: "x link/ether 02:00:00:00:00:99\n02:00:00:00:00:99\n203.0.113.1" };
    const label = address("198.51.100.7", { label: "inet 203.0.113.1/24 scope global" });
    expect(guest(said("running", alias, label))).toEqual(["running", "3a:00:00:00:00:01", ["198.51.100.7"]]);
  });

  it("is left out where it is nothing that ip(8) writes, and the rest is kept", () => {
    expect(guest("running\u001b[2J\n$(id)\u0007\n[{")).toEqual(["running\\u{1b}[2J", "", []]);
    expect(guest(said("running", { address: ["a"] }, address("198.51.100.7")))).toEqual([
      "running",
      "",
      ["198.51.100.7"],
    ]);
    expect(guest(said("running", link, { local: 7 }))).toEqual(["running", "3a:00:00:00:00:01", []]);
    expect(guest(said("running", link, address("198.51.100.7 x"), address("$(id)")))[2]).toEqual([]);
  });

  it("has a bound", () => {
    const many = Array.from({ length: 5000 }, (_, index) => address(`10.0.${index >> 8}.${index & 255}`));
    const [state, , addresses] = guest(said("s".repeat(5000), link, ...many));
    expect([(state as string).length <= 100, (addresses as string[]).length]).toEqual([true, 1000]);
  });
});
