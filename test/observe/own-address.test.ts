import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import type { BridgeArgs, HostArgs } from "../../provider/model/args";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { planBridge } from "../../provider/plan/plan-bridge";
import { planHost } from "../../provider/plan/plan-host";
import { uplinkAddresses } from "../../provider/observe/uplink-addresses";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredHost } from "../../provider/render/desired-host";
import { bridgeArguments, common } from "../support/arguments";
import { asRoot } from "../support/run-script";

const ownAddress = hostFile("steps/own-address.sh");

describe("the host's own addresses as they are found", () => {
  const found = (...addresses: [local: string, prefixlen: number][]): Record<string, string> => {
    const infos = addresses.map(([local, prefixlen]) => ({ local, prefixlen }));
    const texts = {
      link: JSON.stringify([{ ifname: "eth0", flags: ["UP"] }]),
      addr: JSON.stringify([{ ifname: "eth0", addr_info: infos }]),
    };
    return uplinkAddresses(parseFacts({ texts: new Map(Object.entries(texts)), files: new Map() }), "eth0");
  };
  const v4: [string, number] = ["192.0.2.205", 26];

  test.each<[string, [string, number][], string | undefined]>([
    ["a network", [["2001:db8:2::5", 64]], "2001:db8:2::/64"],
    ["a wide one", [["2001:db8:2:1::5", 56]], "2001:db8:2::/56"],
    ["a single address alone", [["2001:db8:2::5", 128]], undefined],
    ["one that is too narrow", [["2001:db8:2::5", 120]], undefined],
    ["one that is too wide", [["2001:db8:2::5", 32]], undefined],
    [
      "a single address by DHCPv6 beside a network",
      [
        ["2001:db8:2::dead", 128],
        ["2001:db8:2::5", 64],
      ],
      "2001:db8:2::/64",
    ],
  ])("have of IPv6 what addresses can be given out of: %s", (_what, ipv6, network) => {
    expect(found(v4, ...ipv6)).toEqual({ ipv4: "192.0.2.205", ...(network && { ipv6Network: network }) });
  });
});

describe("the address that a program says is the host's own", () => {
  const host = (at: string, instance: string, ownIpv4?: string): string | undefined => {
    const connection = { host: at, port: 22, user: "root", hostKeys: [] };
    const args = {
      ...{ ...common("host", "h"), connection, host: { id: "shop/lab/host/h", instance }, ownIpv4 },
      ...{ packages: [], sysctls: {}, resolved: true, adopt: false },
    } as unknown as HostArgs;
    const { steps } = planHost(args, desiredHost(args), { first: false });
    const begin = steps.findIndex(({ verb }) => verb === "begin");
    const step = steps.slice(0, begin).find(({ verb }) => verb === "own_address");
    return step?.verb === "own_address" ? step.address : undefined;
  };

  test.each<[string, string | undefined, string | undefined]>([
    ["ssh.host", host("203.0.113.5", "203.0.113.5:22"), "203.0.113.5"],
    ["ipv4, where ssh.host is translated", host("203.0.113.5", "203.0.113.5:22", "10.0.0.5"), "10.0.0.5"],
    ["nothing, where ssh.host is a name", host("home.example", "home.example:22"), undefined],
    ["nothing, where ssh.host is IPv6", host("2001:db8::5", "2001:db8::5:22"), undefined],
    ["the server's, whatever leads to it", host("127.0.0.1", "4711"), undefined],
  ])("is looked for before anything is changed: %s", (_what, address, wanted) => expect(address).toBe(wanted));

  test.each([
    ["routed", {}, "br0"],
    ["transparent", { mode: "transparent", uplink: "eth0" }, "-"],
  ])("is looked for before a bridge of mode %s is made", (_mode, changes, link) => {
    const args = bridgeArguments(changes) as unknown as BridgeArgs;
    const verbs = planBridge(args, desiredBridge(args), {}).steps.map((step) =>
      step.verb === "own_address" ? `${step.verb} ${step.link}` : step.verb,
    );
    expect(verbs.indexOf(`own_address ${link}`)).toBeGreaterThan(0);
    expect(verbs.indexOf(`own_address ${link}`)).toBeLessThan(verbs.indexOf("begin"));
  });
});

asRoot("an address that is looked for (needs root: a network namespace)", () => {
  const shell = (text: string): string => {
    const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; DIR=/run
fail() { echo "$1: $2"; exit 1; }
ip link add eth0 type veth peer name far; ip link set eth0 up; ip link add br0 type bridge
${ownAddress}`;
    const spaces = ["--net", "--mount", "--propagation", "private"];
    const argv = [...spaces, "sh", "-c", `${frame}\n${text}`];
    return spawnSync("unshare", argv, { encoding: "utf8" }).stdout.trim();
  };
  const here = "ip addr add 10.0.0.5/24 dev eth0; ip addr add 10.9.0.5/16 dev eth0";

  test.each([
    ["on the uplink", `${here}; step_own_address 10.0.0.5 br0; echo own`, /^own$/],
    ["a second one", `${here}; step_own_address 10.9.0.5 br0; echo own`, /^own$/],
    [
      "in front of the host",
      `${here}; step_own_address 203.0.113.5 br0`,
      /^NSPAWN_INVALID_INPUT: 203\.0\.113\.5 is no address of this host, which has 10\.0\.0\.5 on eth0, 10\.9\.0\.5 on eth0: .* ipv4: "10\.0\.0\.5"$/,
    ],
    [
      "on the bridge alone, from a version that put it there",
      `${here}; ip addr add 203.0.113.5/32 dev br0; step_own_address 203.0.113.5 br0`,
      /which has 10\.0\.0\.5 on eth0, 10\.9\.0\.5 on eth0: /,
    ],
    ["on a bridge that carries all", `ip addr add 10.0.0.5/24 dev br0; step_own_address 10.0.0.5 -; echo own`, /^own$/],
    ["nowhere", "step_own_address 203.0.113.5 br0", /which has no IPv4 address at all: .* ssh\.host of its NspawnHost/],
  ])("is found, or its host's are told: %s", (_where, text, said) => expect(shell(text)).toMatch(said));
});
