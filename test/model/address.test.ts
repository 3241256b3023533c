import fc from "fast-check";
import {
  addressValue,
  asPrefix,
  canonicalAddress,
  canonicalIPv4,
  canonicalIPv6,
  familyOf,
} from "../../provider/model/address";
import { contains, networkText, parseNetwork } from "../../provider/model/cidr";
import { specialPurpose } from "../../provider/model/special-range";

const runs = { seed: 20261121, numRuns: 1000 };
const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
const written = (numbers: number[]): string => numbers.map((number) => number.toString(16).padStart(4, "0")).join(":");

describe("canonical addresses", () => {
  it("write IPv6 as the URL standard does, whatever the form given", () => {
    fc.assert(
      fc.property(groups, (numbers) => {
        // WHATWG URL serializes as RFC 5952 does, but for embedded IPv4, which neither writes.
        const expected = new URL(`http://[${written(numbers)}]/`).hostname.slice(1, -1);
        expect(canonicalIPv6(written(numbers))).toBe(expected);
        expect(canonicalIPv6(written(numbers).toUpperCase())).toBe(expected);
        expect(canonicalIPv6(expected)).toBe(expected);
      }),
      runs,
    );
  });

  it("take IPv4 in one form only", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(canonicalIPv4(address)).toBe(address);
        expect(canonicalAddress(address)).toBe(address);
        expect(familyOf(address)).toBe("ipv4");
      }),
      runs,
    );
  });

  test.each([
    "256.1.1.1",
    "010.0.0.1",
    "0x7f.1",
    "127.1",
    "1.2.3.4 ",
    "1.2.3.4\n",
    "１.2.3.4",
    "1.2.3.4/32",
    "1.2.3",
    "1.2.3.4.5",
    "",
    "1..2.3",
    "-1.2.3.4",
  ])("%j is no IPv4 address", (text) => expect(canonicalIPv4(text)).toBeUndefined());

  test.each([
    "fe80::1%eth0",
    "::ffff:1.2.3.4",
    "2001:db8::1::",
    "[2001:db8::1]",
    "2001:db8::1/64",
    "1:2:3:4:5:6:7:8:9",
    "2001:db8:::1",
    "12345::",
    ":1",
    "1:",
    "",
    "2001:db8::g",
    " ::1",
    "::1\n",
  ])("%j is no IPv6 address", (text) => expect(canonicalIPv6(text)).toBeUndefined());

  it("refuse or accept any text without throwing", () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,45}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const address = canonicalAddress(text);
        if (address !== undefined) expect(canonicalAddress(address)).toBe(address);
      }),
      runs,
    );
  });

  it("have the number of their bytes, and a prefix of one address", () => {
    expect(addressValue("198.51.100.7")).toBe(0xc6336407n);
    expect(addressValue("2001:db8::7")).toBe(0x20010db8000000000000000000000007n);
    expect([asPrefix("198.51.100.7"), asPrefix("2001:db8::7")]).toEqual(["198.51.100.7/32", "2001:db8::7/128"]);
  });
});

describe("networks", () => {
  it("parse back to what they are written as, and contain their addresses", () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 128 }), (numbers, length) => {
        const mask = (1n << BigInt(128 - length)) - 1n;
        const value = addressValue(canonicalIPv6(written(numbers))!);
        const network = parseNetwork(`${written(numbers)}/${length}`);
        if ((value & mask) !== 0n) return expect(network).toMatch(/host bits are set, the network is/);
        if (typeof network === "string") throw new Error(network);
        expect(parseNetwork(networkText(network))).toEqual(network);
        expect(contains(network, network.first)).toBe(true);
      }),
      runs,
    );
  });

  test.each([
    "2001:db8::/129",
    "2001:db8::/-1",
    "2001:db8::/",
    "2001:db8::",
    "2001:db8::/064",
    "::ffff:0:0/96/1",
    "10.0.0.0/8",
    "/64",
  ])("%j is refused", (text) => expect(typeof parseNetwork(text)).toBe("string"));

  it("hold no address of the other family", () => expect(contains({ first: "::", length: 64 }, "0.0.0.7")).toBe(false));
});

describe("special-purpose ranges", () => {
  test.each([
    ["0.0.0.0", /this network/],
    ["127.0.0.1", /loopback/],
    ["169.254.169.254", /link-local/],
    ["224.0.0.1", /multicast/],
    ["255.255.255.255", /broadcast/],
    ["192.0.0.8", /protocol/],
    ["198.19.0.1", /benchmarks/],
    ["172.31.1.1", /gateway/],
    ["::", /not unicast/],
    ["::1", /not unicast/],
    ["fe80::1", /link-local/],
    ["ff02::1", /multicast/],
    ["64:ff9b::1", /not unicast/],
    ["2001::1", /protocol/],
    ["2002::1", /6to4/],
    ["fec0::1", /not unicast/],
  ])("%s is refused", (address, why) => expect(specialPurpose(address)).toMatch(why));

  test.each([
    "198.51.100.7",
    "203.0.113.2",
    "192.0.2.1",
    "10.0.0.5",
    "192.168.1.2",
    "172.31.1.2",
    "100.64.0.1",
    "88.198.0.1",
  ])("%s passes", (address) => expect(specialPurpose(address)).toBeUndefined());

  test.each(["2001:db8::1", "2a01:4f8::1", "fd00::1", "3fff::1"])("%s passes", (address) =>
    expect(specialPurpose(address)).toBeUndefined(),
  );
});
