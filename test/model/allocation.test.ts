import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { addressValue } from "../../provider/model/address";
import { addressOf, ipv6For, ipv6Suffix, reservedBelow, subnetFor } from "../../provider/model/allocation";
import { contains, overlap, parseNetwork, type Network } from "../../provider/model/cidr";

const document = readFileSync(join(__dirname, "../../docs/addresses.md"), "utf8");
const published = [...document.matchAll(/^\| `(\S+)` \| `(\S+)`[^|]*\| `(\S+)` \|$/gm)].map((row) => row.slice(1, 4));
const runs = { seed: 20261121, numRuns: 1000 };
const prefixLength = fc.integer({ min: 48, max: 112 });
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const subnetLengths = prefixLength.chain((length) =>
  fc.tuple(fc.constant(length), fc.integer({ min: length + 1, max: 124 })),
);
const anyName = fc.string({ minLength: 1, unit: "grapheme" }).filter((name) => !name.includes("\0"));

describe("ipv6For", () => {
  it("has its published table", () => expect(published).toHaveLength(6));

  test.each(published)("gives in %s to %s the address %s, for ever", (network, name, address) => {
    expect(ipv6For(network, name)).toBe(address);
  });

  it("gives an address of the network above the reserved ones, for any length and name", () => {
    fc.assert(
      fc.property(prefixLength, anyName, (length, name) => {
        const suffix = ipv6Suffix(length, name);
        expect(suffix >= reservedBelow(length)).toBe(true);
        expect(suffix < 1n << BigInt(128 - length)).toBe(true);
        const network = parseNetwork(`2001:db8::/${length}`);
        expect(typeof network === "object" && contains(network, ipv6For(`2001:db8::/${length}`, name))).toBe(true);
      }),
      runs,
    );
  });

  (hasPython ? it : it.skip)("equals the published Python function (needs python3)", () => {
    const cases = fc.sample(fc.tuple(prefixLength, fc.string({ minLength: 1, maxLength: 20 })), runs);
    const program = /```python\n([^]*?)```/.exec(document)![1];
    const driver = `${program}
import json, sys
print(json.dumps([str(ipv6_for("2001:db8::/%d" % length, name)) for length, name in json.load(sys.stdin)]))`;
    const python = spawnSync("python3", ["-c", driver], { input: JSON.stringify(cases), encoding: "utf8" });
    expect(python.stderr).toBe("");
    const ours = cases.map(([length, name]) => ipv6For(`2001:db8::/${length}`, name));
    expect(ours).toEqual(JSON.parse(python.stdout));
  });

  it("does not repeat itself over ten thousand names of a /64", () => {
    const addresses = Array.from({ length: 10000 }, (_, index) => ipv6For("2001:db8:1::/64", `m${index}`));
    expect(new Set(addresses).size).toBe(10000);
  });

  test.each([
    ["2001:db8::/47", "web", /from 48 to 112, not 47/],
    ["2001:db8::/113", "web", /from 48 to 112, not 113/],
    ["2001:db8::1/64", "web", /host bits are set, the network is 2001:db8::\/64/],
    ["198.51.100.0/24", "web", /not an IPv6 network/],
    ["2001:db8::/64", "", /not empty/],
    ["2001:db8::/64", "a\0b", /no NUL/],
  ])("refuses the network %s with the name %j", (network, name, message) => {
    expect(() => ipv6For(network, name)).toThrow(message);
    expect(() => ipv6For(network, name)).toThrow(expect.objectContaining({ code: "NSPAWN_INVALID_INPUT" }));
  });
});

const networkOf = (text: string): Network => {
  const network = parseNetwork(text);
  if (typeof network === "string") throw new Error(network);
  return network;
};
const publishedSubnets = [...document.matchAll(/^\| `(\S+)` \| `(\S+)`[^|]*\| (\d+) \| `(\S+)` \|$/gm)].map((row) =>
  row.slice(1, 5),
);

describe("subnetFor", () => {
  it("has its published table", () => expect(publishedSubnets).toHaveLength(8));

  test.each(publishedSubnets)("gives in %s to %s with /%s the subnet %s, for ever", (network, name, length, subnet) => {
    expect(subnetFor(network, name, Number(length))).toBe(subnet);
  });

  it("gives a subnet inside of the network, beside the reserved addresses, for any lengths and name", () => {
    fc.assert(
      fc.property(subnetLengths, anyName, ([length, own], name) => {
        const text = `2001:db8::/${length}`;
        const subnet = networkOf(subnetFor(text, name, own));
        expect(subnet.length).toBe(own);
        expect(contains(networkOf(text), subnet.first)).toBe(true);
        for (const reserved of [0n, 1n, reservedBelow(length) - 1n])
          expect(contains(subnet, reserved === 0n ? "2001:db8::" : addressOf(text, reserved))).toBe(false);
      }),
      runs,
    );
  });

  (hasPython ? it : it.skip)("equals the published Python function (needs python3)", () => {
    const cases = fc.sample(fc.tuple(subnetLengths, fc.string({ minLength: 1, maxLength: 20 })), runs);
    const asked = cases.map(([[length, own], name]) => [length, own, name]);
    const program = [...document.matchAll(/```python\n([^]*?)```/g)].map(([, text]) => text).join("\n");
    const driver = `${program}
import json, sys
print(json.dumps([str(subnet_for("2001:db8::/%d" % length, name, own)) for length, own, name in json.load(sys.stdin)]))`;
    const python = spawnSync("python3", ["-c", driver], { input: JSON.stringify(asked), encoding: "utf8" });
    expect(python.stderr).toBe("");
    expect(cases.map(([[length, own], name]) => subnetFor(`2001:db8::/${length}`, name, own))).toEqual(
      JSON.parse(python.stdout),
    );
  });

  it("gives one name subnets of several lengths that do not overlap", () => {
    const subnets = [80, 88, 96, 104, 112, 120].map((length) =>
      networkOf(subnetFor("2001:db8:1::/64", "customer-1", length)),
    );
    const pairs = subnets.flatMap((one, index) => subnets.slice(index + 1).map((other) => overlap(one, other)));
    expect(pairs).toEqual(pairs.map(() => false));
  });

  test.each<[string, string, number, RegExp]>([
    [
      "2001:db8::/64",
      "web",
      64,
      /a prefix length from 65 to 124, not 64: the whole network has the host's own address/,
    ],
    ["2001:db8::/64", "web", 56, /from 65 to 124, not 56/],
    ["2001:db8::/64", "web", 125, /from 65 to 124, not 125/],
    ["2001:db8::/64", "web", 80.5, /from 65 to 124, not 80.5/],
    ["2001:db8::/64", "web", "80" as never, /from 65 to 124, not "80"/],
    ["2001:db8::/47", "web", 64, /a network of \/48 or smaller/],
    ["2001:db8::1/64", "web", 80, /host bits are set/],
    ["2001:db8::/64", "", 80, /not empty/],
    ["2001:db8::/64", "a\0b", 80, /no NUL/],
  ])("refuses of %s for %j the length %j", (network, name, length, message) => {
    expect(() => subnetFor(network, name, length)).toThrow(message);
    expect(() => subnetFor(network, name, length)).toThrow(expect.objectContaining({ code: "NSPAWN_INVALID_INPUT" }));
  });
});

describe("overlap", () => {
  test.each([
    ["2001:db8:1:0:5::/80", "2001:db8:1:0:5::/80", true],
    ["2001:db8:1:0:5::/80", "2001:db8:1:0:5:1::/96", true],
    ["2001:db8:1:0:5::7/128", "2001:db8:1:0:5::/80", true],
    ["2001:db8:1:0:5::/80", "2001:db8:1:0:6::/80", false],
    ["2001:db8:1:0:6::7/128", "2001:db8:1:0:5::/80", false],
  ])("of %s and %s: %s", (one, other, expected) => {
    expect([overlap(networkOf(one), networkOf(other)), overlap(networkOf(other), networkOf(one))]).toEqual([
      expected,
      expected,
    ]);
  });
});

describe("addressOf", () => {
  test.each([
    ["2001:db8:f::/64", 1, "2001:db8:f::1"],
    ["2001:db8:f::/64", "::7", "2001:db8:f::7"],
    ["2001:db8:f::/64", "::a:7", "2001:db8:f::a:7"],
    ["2001:db8:f::/56", 0x1_0000_0000_0000_0000n, "2001:db8:f:1::"],
  ])("joins %s and %s", (network, suffix, address) => expect(addressOf(network, suffix)).toBe(address));

  it("is its network plus the suffix", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }), (suffix) => {
        expect(addressValue(addressOf("2001:db8:f::/64", suffix)) - addressValue("2001:db8:f::")).toBe(suffix);
      }),
      runs,
    );
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 53, 1n << 64n, "", "7", "::", "::1:0:0:0:0", "::1/64", "::ffff:1.2.3.4"])(
    "refuses the suffix %s",
    (suffix) => expect(() => addressOf("2001:db8:f::/64", suffix)).toThrow(/suffix must be/),
  );
});
