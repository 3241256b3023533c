import type * as Nspawn from "../../provider";
import { claimIpv6 } from "../../provider/resources/duplicates";
import { runProgram, valueOf } from "./run-program";

jest.setTimeout(60_000);

const prefix = "2001:db8:1::/64";

/** What a program on one existing host finds out with a bridge. */
async function found<T>(of: (nspawn: typeof Nspawn, host: Nspawn.NspawnHost, br0: Nspawn.BridgeNetwork) => Promise<T>) {
  let result: T | undefined;
  await runProgram(async ({ nspawn }) => {
    const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
    result = await of(nspawn, host, new nspawn.BridgeNetwork("br0", { host, ipv6: { prefix } }));
  });
  return result;
}

describe("subnets of a program", () => {
  test("are what is published, and known before the machine exists", async () => {
    const subnets = await found((nspawn, host, network) => {
      const given = [
        network.subnetFor("customer-1", 80),
        network.subnetFor("customer-2", 80),
        network.subnetFor("customer-1", 96),
        "2001:db8:f:7::/64",
      ];
      const machine = new nspawn.NspawnMachine("web", {
        ...{ host, image: nspawn.image.debootstrap({ suite: "bookworm" }) },
        networks: [{ network, addresses: [network.ipv6For("web")], subnets: given }],
      });
      return valueOf(machine.subnets);
    });
    expect(subnets).toEqual([
      "2001:db8:1:0:6653::/80",
      "2001:db8:1:0:e6d1::/80",
      "2001:db8:1:0:a413:456e::/96",
      "2001:db8:f:7::/64",
    ]);
  });

  test("of a floating IPv4 address are none", async () => {
    const error = await found((nspawn) => {
      const ip = new nspawn.FloatingIp("ip", { type: "ipv4", homeLocation: "fsn1" });
      try {
        ip.subnet("customer-1", 80);
      } catch (failure) {
        return Promise.resolve(failure);
      }
      return Promise.resolve(undefined);
    });
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "type" });
  });
});

// In a program this ends the preview, and jest with it.
describe("claims of subnets", () => {
  let runs = 0;
  /** The error of the last of these claims; each test in a network of its own. */
  function claimed(...claims: [range: string, claimant: string][]): string | undefined {
    const end = ` of ${++runs}`;
    try {
      for (const [range, claimant] of claims) expect(claimIpv6(range, end, claimant)).toBeUndefined();
    } catch (error) {
      return (error as Error).message.replaceAll(end, "");
    }
    return undefined;
  }

  test.each<[string, [string, string][], string]>([
    [
      "a subnet in another one",
      [
        ["2001:db8:1:0:5::/80", "a"],
        ["2001:db8:1:0:5:6::/96", "b"],
      ],
      "subnet 2001:db8:1:0:5:6::/96 of b overlaps with subnet 2001:db8:1:0:5::/80 of a",
    ],
    [
      "a subnet around another one",
      [
        ["2001:db8:1:0:5:6::/96", "a"],
        ["2001:db8:1:0:5::/80", "b"],
      ],
      "subnet 2001:db8:1:0:5::/80 of b overlaps with subnet 2001:db8:1:0:5:6::/96 of a",
    ],
    [
      "an address in a subnet",
      [
        ["2001:db8:1:0:5::/80", "a"],
        ["2001:db8:1:0:5::7", "b"],
      ],
      "address 2001:db8:1:0:5::7 of b overlaps with subnet 2001:db8:1:0:5::/80 of a",
    ],
    [
      "a subnet around an address",
      [
        ["2001:db8:1:0:5::7", "a"],
        ["2001:db8:1:0:5::/80", "b"],
      ],
      "subnet 2001:db8:1:0:5::/80 of b overlaps with address 2001:db8:1:0:5::7 of a",
    ],
    [
      "one subnet twice",
      [
        ["2001:db8:1:0:5::/80", "a"],
        ["2001:db8:1:0:5::/80", "b"],
      ],
      "subnet 2001:db8:1:0:5::/80 is used twice: by a and by b",
    ],
  ])("refuse %s", (_, claims, message) => expect(claimed(...claims)).toContain(message));

  test("let stand what is apart, and what is one claimant's", () => {
    expect(
      claimed(
        ["2001:db8:1:0:5::/80", "a"],
        ["2001:db8:1:0:6::/80", "b"],
        ["2001:db8:1:0:7::7", "c"],
        ["2001:db8:1:0:5::/80", "a"],
      ),
    ).toBeUndefined();
  });
});
