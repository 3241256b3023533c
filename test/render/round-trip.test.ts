import fc from "fast-check";
import { canonicalIPv6 } from "../../provider/model/address";
import type { MachineArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import {
  guestAuthorizedKeys,
  guestNetworkFile,
  guestResolvConf,
  machineDropIn,
  machineProxyFile,
  netdevFile,
  networkFile,
  nspawnFile,
  routeFile,
} from "../../provider/model/paths";
import { specialPurpose } from "../../provider/model/special-range";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { ini } from "../../provider/render/ini";
import { bridgeArgs, hostKeyText, machineArgs } from "../support/sample";
import { parseIni } from "./ini";

const runs = { seed: 20261121, numRuns: 1000 };
const ipv4 = fc.ipV4().filter((address) => specialPurpose(address) === undefined && address !== "203.0.113.2");
// Of 2a00::/8, where nothing is special: a filter over all of IPv6 would refuse most.
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 7, maxLength: 7 })
  .map((groups) => canonicalIPv6(`2a01:${groups.map((group) => group.toString(16)).join(":")}`)!);
const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
const bridge = fc.stringMatching(/^br[A-Za-z0-9_-]{0,13}$/);

const machine = fc
  .record({
    name: label,
    bridge,
    ipv4: fc.uniqueArray(ipv4, { maxLength: 4 }),
    ipv6: fc.uniqueArray(ipv6, { maxLength: 4 }),
    proxied: fc.boolean(),
    hostname: fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]([a-z0-9-]{0,9}[a-z0-9])?){0,2}$/),
    dns: fc.option(fc.uniqueArray(fc.oneof(ipv4, ipv6), { minLength: 1, maxLength: 3 }), { nil: undefined }),
    comments: fc.uniqueArray(
      fc.stringMatching(/^[ -~]{0,20}$/).map((text) => text.trim()),
      { maxLength: 3 },
    ),
    privateUsers: fc.constantFrom("pick", "identity", "no", "524288"),
    ephemeral: fc.boolean(),
  })
  .map((given): MachineArgs => {
    const addresses = [...given.ipv4, ...given.ipv6].map((address) => ({ address, proxied: given.proxied }));
    const { name, hostname, dns, privateUsers, ephemeral } = given;
    const authorizedKeys = given.comments.map((comment) => `${hostKeyText} ${comment}`.trim());
    const networks = [{ bridge: given.bridge, host: "shop/lab/host/host-1", addresses, gateway4: "203.0.113.2" }];
    return machineArgs({ name, hostname, dns, privateUsers, ephemeral, networks, authorizedKeys });
  });

function filesOf(args: MachineArgs): Record<string, string> {
  const parsed = parseMachine(args);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return desiredMachine(parsed.value).files;
}

const written = machine.map((args) => [args, filesOf(args)] as const);

/** Values of a key in all sections of a name. */
function values(text: string | undefined, section: string, key: string): string[] {
  const sections = parseIni(text ?? "").filter(([name]) => name === section);
  return sections.flatMap(([, entries]) => entries.filter(([name]) => name === key).map(([, value]) => value));
}

const length = (address: string): number => (address.includes(":") ? 128 : 32);

describe("what is written for any accepted machine", () => {
  it("reads back as its addresses, routes and proxies, and nothing else", () => {
    fc.assert(
      fc.property(written, ([args, files]) => {
        const [network] = args.networks;
        const whole = network!.addresses.map(({ address }) => `${address}/${length(address)}`);
        const guest = files[guestNetworkFile(args.name, "host0")];
        const families = new Set(whole.map((address) => address.includes(":")));
        expect(values(guest, "Address", "Address").sort()).toEqual([...whole].sort());
        expect(values(guest, "Route", "Gateway")).toHaveLength(families.size);
        expect(values(files[routeFile(network!.bridge, args.name)], "Route", "Destination")).toEqual(whole);
        const proxies = (files[machineProxyFile(args.name)] ?? "").split("\n").filter((line) => /^[0-9a-f]/.test(line));
        expect(proxies).toEqual(network!.addresses.filter(({ proxied }) => proxied).map(({ address }) => address));
      }),
      runs,
    );
  });

  it("has a constant set of sections and keys, whatever the values", () => {
    fc.assert(
      fc.property(written, ([args, files]) => {
        const sections = parseIni(files[nspawnFile(args.name)]!);
        expect(sections.map(([name]) => name).filter((name) => !["Exec", "Files", "Network"].includes(name))).toEqual(
          [],
        );
        expect(values(files[nspawnFile(args.name)], "Exec", "PrivateUsers")).toEqual([args.privateUsers]);
        expect(values(files[nspawnFile(args.name)], "Exec", "Ephemeral")).toEqual(args.ephemeral ? ["yes"] : []);
        expect(values(files[nspawnFile(args.name)], "Network", "Bridge")).toEqual([args.networks[0]!.bridge]);
        expect(parseIni(files[machineDropIn(args.name)]!).map(([name, entries]) => [name, entries.length])).toEqual([
          ["Unit", 1],
          ["Service", 1],
        ]);
      }),
      runs,
    );
  });

  it("has one line per key and resolver", () => {
    fc.assert(
      fc.property(written, ([args, files]) => {
        const keys = (files[guestAuthorizedKeys(args.name)] ?? "").split("\n").filter(Boolean);
        expect(keys).toEqual(args.authorizedKeys);
        const servers = [...(files[guestResolvConf(args.name)] ?? "").matchAll(/^nameserver (\S+)$/gm)].map(
          (line) => line[1],
        );
        expect(servers).toEqual(args.dns ?? []);
      }),
      runs,
    );
  });
});

describe("what is written for any accepted bridge", () => {
  it("reads back as its name, address and MTU, and translates nothing", () => {
    const args = fc.record({
      bridge,
      ipv4: fc.option(ipv4, { nil: undefined }),
      mtu: fc.option(fc.integer({ min: 1280, max: 65535 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(args, (given) => {
        const parsed = parseBridge(bridgeArgs(given));
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        const { files } = desiredBridge(parsed.value);
        const netdev = files[netdevFile(given.bridge)];
        const network = files[networkFile(given.bridge)];
        expect([values(netdev, "NetDev", "Name"), values(network, "Match", "Name")]).toEqual([
          [given.bridge],
          [given.bridge],
        ]);
        expect(values(network, "Address", "Address")).toEqual([
          ...(given.ipv4 ? [`${given.ipv4}/32`] : []),
          "fe80::1/64",
        ]);
        expect(values(network, "Link", "MTUBytes")).toEqual(given.mtu ? [String(given.mtu)] : []);
        expect(network).not.toMatch(/Masquerade|DHCPServer|Forward|Proxy/i);
      }),
      runs,
    );
  });
});

describe("the writer of systemd's files", () => {
  it("refuses a value that would not read back, instead of writing it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const dangerous = /[\x00-\x1f\x7f]|\\$/.test(value);
        const write = (): string => ini([["Exec", { Hostname: value }]]);
        if (dangerous) expect(write).toThrow(/cannot hold/);
        else expect(values(write(), "Exec", "Hostname")).toEqual([value.trim()]);
      }),
      runs,
    );
  });

  it.each(["x\n[Exec]\nPrivateUsers=no", "x\rCapability=all", "x\\", "\0"])("refuses %j", (value) => {
    expect(() => ini([["Exec", { Hostname: value }]])).toThrow(/Hostname= cannot hold/);
  });
});
