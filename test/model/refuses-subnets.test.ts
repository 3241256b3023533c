import { parseMachine } from "../../provider/model/parse-machine";
import { problemsOf } from "../support/refusal";
import { machineArgs } from "../support/sample";

const [dual] = machineArgs().networks;
const subnet = "2001:db8:1:0:5::/80";

/** The problems of a machine with one network, or more of them. */
const problems = (...changes: object[]) =>
  problemsOf(parseMachine(machineArgs({ networks: changes.map((change) => ({ ...dual!, ...change })) })));

const refused = (path: string, message: RegExp) => [{ path, message: expect.stringMatching(message) }];

describe("a machine's subnets", () => {
  test.each(["2001:db8:1:0:5::/80", "2001:db8:7::/48", "2001:db8:1:1::/64", "2001:db8:1::ff0/124"])(
    "can be %s",
    (text) => {
      const networks = [{ ...dual!, subnets: [{ subnet: text }] }];
      const parsed = parseMachine(machineArgs({ networks }));
      expect(parsed.ok && parsed.value.networks[0]!.subnets).toEqual([{ subnet: text }]);
    },
  );

  test.each([
    ["2001:db8:1::/47", /host bits are set|\/47 is too wide, \/48 is the widest/],
    ["2001:db8::/47", /\/47 is too wide, \/48 is the widest/],
    ["2001:db8:1:0:5::/125", /\/125 is too narrow, \/124 is the narrowest/],
    ["2001:db8:1:0:5::1/80", /host bits are set, the network is 2001:db8:1:0:5::\/80/],
    ["2001:db8:1:0:5::", /must be an IPv6 network such as/],
    ["10.0.0.0/24", /must be an IPv6 network such as/],
    ["fe80::/64", /link-local/],
  ])("are no %s", (text, message) =>
    expect(problems({ subnets: [{ subnet: text }] })).toEqual(refused("networks[0].subnets[0].subnet", message)),
  );

  test("have no address of the host in them", () => {
    const network = {
      ipv6: "2001:db8:1::/64",
      subnets: [{ subnet: "2001:db8:1::/80" }],
      addresses: [ownAddress("2001:db8:1:0:9::7")],
    };
    expect(problems(network)).toEqual(
      refused("networks[0].subnets[0].subnet", /has the host's own address 2001:db8:1::1 in it/),
    );
  });

  test("do not overlap with each other, on whichever networks", () => {
    expect(problems({ subnets: [{ subnet }, { subnet: "2001:db8:1:0:5:8::/96" }] })).toEqual(
      refused("networks[0].subnets[1].subnet", /overlaps with 2001:db8:1:0:5::\/80, networks\[0\].subnets\[0\]/),
    );
    const second = { bridge: "br1", addresses: [ownAddress("2001:db8:1::8")], subnets: [{ subnet }] };
    expect(problems({ subnets: [{ subnet }] }, second)).toEqual(
      refused("networks[1].subnets[0].subnet", /overlaps with 2001:db8:1:0:5::\/80, networks\[0\].subnets\[0\]/),
    );
  });

  test("are apart from the machine's own addresses", () => {
    const addresses = [ownAddress("2001:db8:1:0:5::7")];
    expect(problems({ addresses, subnets: [{ subnet }] })).toEqual(
      refused("networks[0].addresses[0].address", /is in the machine's own subnet 2001:db8:1:0:5::\/80/),
    );
  });

  test("need an address through which they are routed", () => {
    const addresses = [ownAddress("198.51.100.7")];
    expect(problems({ addresses, subnets: [{ subnet }] })).toEqual(
      refused("networks[0].subnets", /need an IPv6 address of the machine on the same network/),
    );
  });

  test.each([
    [
      { mode: "transparent" as const, gateway4: undefined, addresses: [] },
      /need a bridge of mode "routed" or "nat" \(got "transparent"\)/,
    ],
    [
      { mode: "isolated" as const, addresses: [], gateway4: undefined },
      /need a bridge of mode "routed" or "nat" \(got "isolated"\)/,
    ],
  ])("need a bridge that routes", (change, message) =>
    expect(problems({ ...change, subnets: [{ subnet }] })).toEqual(refused("networks[0].subnets", message)),
  );

  test("are on the machine's own host", () => {
    const subnets = [{ subnet, host: "shop/lab/host/other" }];
    expect(problems({ subnets })).toEqual(refused("networks[0].subnets[0]", /is on host "shop\/lab\/host\/other"/));
  });
});

const ownAddress = (address: string) => ({ address, proxied: true });
