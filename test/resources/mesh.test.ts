import type * as Nspawn from "../../provider";
import { isWireguard, keyless, keyOf as hostKey, withoutKeys } from "../../provider/resources/mesh";
import { keyOf, runProgram, type Modules } from "./run-program";

jest.setTimeout(60_000);

type Hosts = Record<"one" | "two", Nspawn.NspawnHost>;
const [first, second] = ["203.0.113.9", "203.0.113.10"];

/** A program on two existing hosts, which have keys: the bridges that it registered, or what it was refused. */
async function on(program: (nspawn: typeof Nspawn, hosts: Hosts, modules: Modules) => unknown, keys = [true, true]) {
  const refused: string[] = [];
  const said: string[] = [];
  const registered = await runProgram((modules) => {
    const host = (name: string, ipv4: string, wireguard: boolean | undefined) =>
      new modules.nspawn.NspawnHost(name, { ssh: { host: ipv4, hostKey: "ssh-ed25519 AAAA" }, wireguard });
    jest.spyOn(modules.pulumi.log, "warn").mockImplementation((text) => Promise.resolve(void said.push(text)));
    try {
      program(modules.nspawn, { one: host("one", first, keys[0]), two: host("two", second, keys[1]) }, modules);
    } catch (error) {
      refused.push((error as Error).message);
    }
  }).catch((error: Error) => {
    refused.push(error.message);
    return [];
  });
  const bridges = registered
    .filter(({ type }) => type.endsWith(":BridgeNetwork") && type.includes("dynamic"))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hosts = registered.filter(({ type }) => type.endsWith(":NspawnHost") && type.includes("dynamic"));
  return { refused, said, hosts, bridges: bridges.map(({ inputs }) => [inputs.vxlan, inputs.mtu] as unknown) };
}

const back = (
  nspawn: typeof Nspawn,
  name: string,
  host: Nspawn.Host,
  vxlan: Partial<Nspawn.BridgeVxlanArgs>,
  more = {},
) =>
  new nspawn.BridgeNetwork(name, {
    ...{ host, bridge: name, mode: "isolated" },
    vxlan: { id: 5001, peers: [], encrypt: "wireguard", ...vxlan },
    ...more,
  });

describe("a network of two hosts with WireGuard between them", () => {
  it("has the keys that each host made, and smaller frames, and warns of nothing", async () => {
    const { bridges, said, refused, hosts } = await on((nspawn, { one, two }) => {
      back(nspawn, "back-1", one, { peers: [two] });
      back(nspawn, "back-2", two, { peers: [one] });
    });
    expect([refused, said]).toEqual([[], []]);
    expect(hosts.map(({ inputs }) => inputs.wireguard)).toEqual([true, true]);
    const [a, b] = [keyOf(first), keyOf(second)];
    expect(bridges).toEqual([
      [{ id: 5001, local: first, peers: [second], wireguard: { key: a, peers: [b] } }, 1370],
      [{ id: 5001, local: second, peers: [first], wireguard: { key: b, peers: [a] } }, 1370],
    ]);
  });

  it("takes other families and ports, and hosts of no program by address and key", async () => {
    const peer = { address: "10.0.0.3", wireguardKey: keyOf("elsewhere") };
    const { bridges } = await on((nspawn, { one, two }) => {
      back(nspawn, "back-1", one, { peers: [two], underlay: "ipv6", wireguardPort: 4500 });
      back(nspawn, "back-3", two, { id: 7, peers: [peer], underlay: "10.0.0.2" });
    });
    expect(bridges).toMatchObject([
      [{ peers: ["2001:db8:9::1"], wireguard: { port: 4500 } }, 1350],
      [{ local: "10.0.0.2", peers: ["10.0.0.3"], wireguard: { key: keyOf(second), peers: [peer.wireguardKey] } }, 1370],
    ]);
  });

  it("is not asked for by hosts that say nothing of it", async () => {
    const { hosts } = await on(() => undefined, [false, undefined as never]);
    expect(hosts.map(({ inputs }) => inputs.wireguard)).toEqual([undefined, undefined]);
  });

  it("has a port for itself on each host", async () => {
    const { refused } = await on((nspawn, { one, two }) => {
      for (const name of ["a", "b"]) back(nspawn, name, one, { id: name.codePointAt(0)!, peers: [two] });
    });
    expect(refused.join("\n")).toMatch(
      /port 51820\/udp of shop\/test\/host\/one is used twice: by WireGuard of BridgeNetwork "a" and by WireGuard of BridgeNetwork "b"/,
    );
  });
});

describe("what is refused of a mesh", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["another word", () => isWireguard("ipsec"), /vxlan\.encrypt must be "wireguard", or left out \(got "ipsec"\)/],
    ["a host without a key", () => hostKey("two", undefined, "vxlan.peers[0]"), /vxlan\.peers\[0\] needs a key of the host two, which has none: give its NspawnHost wireguard: true/],
    ["a host that has lost it", () => hostKey("two", "", "vxlan.encrypt"), /vxlan\.encrypt needs a key/],
    ["a peer without one", () => keyless("vxlan.peers[0]"), /vxlan\.peers\[0\] must be a host, or \{ address, wireguardKey \}/],
    ["a port without encryption", () => withoutKeys(7, []), /wireguardPort needs encrypt: "wireguard"/],
    ["a key without encryption", () => withoutKeys(undefined, ["10.0.0.2", { address: "10.0.0.3", wireguardKey: "x" }]), /peers\[1\]\.wireguardKey needs encrypt/],
  ])("%s", (_, made, message) => {
    expect(made).toThrow(message);
  });

  it("is nothing of what has to be there", () => {
    expect([isWireguard(undefined), isWireguard("wireguard"), withoutKeys(undefined, ["10.0.0.2"])]).toEqual([false, true, undefined]);
    expect(hostKey("two", "key", "")).toBe("key");
  });
}); // prettier-ignore
