import type { BridgeArgs, VxlanArgs } from "../../provider/model/args";
import { endsOf, meshAddress, meshOverheadOf, meshPeersOf } from "../../provider/model/mesh";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseHost } from "../../provider/model/parse-host";
import { UNKNOWN } from "../../provider/model/unknown";
import { asWritten } from "../../provider/model/written";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, hostArgs, meshKeys } from "../support/sample";

const [one, two, three] = meshKeys;
const wireguard = { key: one, peers: [two, three] };
const vxlan: VxlanArgs = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9", "203.0.113.4"], wireguard };
const encrypted = (changes: Partial<BridgeArgs> = {}): BridgeArgs =>
  bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1370, vxlan, ...changes });
const withMesh = (changes: object): Partial<BridgeArgs> => ({
  vxlan: { ...vxlan, wireguard: { ...wireguard, ...changes } },
});

describe("a tunnel whose packets are in WireGuard", () => {
  it("is one between hosts that know each other by keys", () => {
    expect(parseBridge(encrypted())).toMatchObject({ ok: true, value: { vxlan: { wireguard } } });
    expect(parseBridge(encrypted(withMesh({ port: 51821 }))).ok).toBe(true);
  });

  it("passes what a preview does not know", () => {
    for (const unknown of [
      UNKNOWN as never,
      { key: UNKNOWN, peers: UNKNOWN as never },
      { key: one, peers: [UNKNOWN, two] },
    ])
      expect(parseBridge(encrypted({ vxlan: { ...vxlan, wireguard: unknown }, mtu: UNKNOWN as never })).ok).toBe(true);
  });

  it.each<[Partial<BridgeArgs>, string, RegExp]>([
    [withMesh({ key: "secret" }), "vxlan.wireguard.key", /public key of WireGuard, 44 characters/],
    [withMesh({ key: one.replace("=", "") }), "vxlan.wireguard.key", /public key of WireGuard/],
    // 32 bytes end in four bits: what has more is the key of nobody.
    [withMesh({ peers: [two.replace(/.=$/, "B="), three] }), "vxlan.wireguard.peers[0]", /public key of WireGuard/],
    [withMesh({ peers: [two, two] }), "vxlan.wireguard.peers[1]", /is listed twice/],
    [withMesh({ peers: [two, one] }), "vxlan.wireguard.peers[1]", /this host's own key/],
    [withMesh({ peers: [two] }), "vxlan.wireguard.peers", /a key for each of the 2 peers \(got 1\)/],
    [withMesh({ port: 0 }), "vxlan.wireguard.port", /from 1 to 65535/],
    [withMesh({ port: 4789 }), "vxlan.wireguard.port", /another port than VXLAN's on the same host \(got 4789\)/],
    [withMesh({ secret: "x" }), "vxlan.wireguard.secret", /is not an argument/],
    [{ mtu: 1209, ipv6: undefined }, "mtu", /at least 1210 with encrypt/],
  ])("refuses %j", (changes, path, message) => {
    expect(problemsOf(parseBridge(encrypted(changes)))).toEqual([
      { path, message: expect.stringMatching(message) as string },
    ]);
  });

  it("is refused in the words of the program", () => {
    const said = ["key", "peers[1]", "port"].map((name) => ({ path: `vxlan.wireguard.${name}`, message: "" }));
    expect(asWritten("BridgeNetwork", {}, said).map(({ path }) => path)).toEqual([
      "vxlan.encrypt",
      "vxlan.peers[1]",
      "vxlan.wireguardPort",
    ]);
  });

  it("goes between addresses that are of segment and key alone, the same on all hosts and for ever", () => {
    expect(meshAddress(5001, one)).toBe("fd46:ebd6:2bc6:e8ad:529e:129e:dd69:acae");
    expect(meshAddress(5002, one)).not.toBe(meshAddress(5001, one));
    const other: VxlanArgs = {
      id: 5001,
      local: "203.0.113.9",
      peers: ["203.0.113.2"],
      wireguard: { key: two, peers: [one] },
    };
    expect(endsOf(other)).toEqual({ local: meshAddress(5001, two), peers: [meshAddress(5001, one)] });
    expect(endsOf(vxlan).peers).toContain(endsOf(other).local);
    const all = [one, two, three].map((key) => meshAddress(5001, key));
    expect(new Set(all.map((address) => address.split(":").slice(0, 4).join(":"))).size).toBe(1);
    expect(new Set(all).size).toBe(3);
  });

  it("leads to each peer by its own key and address, of either family", () => {
    const six: VxlanArgs = {
      id: 7,
      local: "2001:db8::1",
      peers: ["2001:db8::2"],
      wireguard: { key: one, peers: [two], port: 7 },
    };
    expect(meshPeersOf(six)).toEqual([
      { key: two, address: meshAddress(7, two), underlay: "2001:db8::2", endpoint: "[2001:db8::2]:7" },
    ]);
    const byKey = new Map(meshPeersOf(vxlan).map(({ key, endpoint }) => [key, endpoint]));
    expect([byKey.get(two), byKey.get(three)]).toEqual(["203.0.113.9:51820", "203.0.113.4:51820"]);
  });

  it("takes what both have around a frame", () => {
    expect([meshOverheadOf("ipv4"), meshOverheadOf("ipv6")]).toEqual([130, 150]);
  });

  it("has a name that no bridge has", () => {
    expect(problemsOf(parseBridge(encrypted({ bridge: "wg-7" })))[0]?.message).toMatch(/reserved/);
    expect(parseBridge(encrypted({ bridge: "wg-lan" })).ok).toBe(true);
  });
});

it("a host has a key, or not", () => {
  expect(parseHost(hostArgs({ wireguard: true }))).toMatchObject({ ok: true, value: { wireguard: true } });
  expect(problemsOf(parseHost(hostArgs({ wireguard: "yes" as never })))[0]?.path).toBe("wireguard");
});
