import type { BridgeArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import { UNKNOWN } from "../../provider/model/unknown";
import { uniqueLocal } from "../../provider/model/unique-local";
import { problemsOf } from "../support/refusal";
import { bridgeArgs, machineArgs } from "../support/sample";

const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9"] };
const tunnelled = (changes: Partial<BridgeArgs> = {}): BridgeArgs =>
  bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan, ...changes });

describe("a bridge that is on several hosts", () => {
  it("is one of mode isolated, by addresses of one family", () => {
    expect(parseBridge(tunnelled()).ok).toBe(true);
    const six = { id: 1, local: "2001:db8:1::1", peers: ["2001:DB8:2:0::1"], port: 8472 };
    const parsed = parseBridge(tunnelled({ vxlan: six }));
    expect(parsed.ok && parsed.value.vxlan?.peers).toEqual(["2001:db8:2::1"]);
  });

  it("passes what a preview does not know", () => {
    for (const unknown of [UNKNOWN as never, { id: UNKNOWN as never, local: UNKNOWN, peers: UNKNOWN as never }])
      expect(parseBridge(tunnelled({ vxlan: unknown, mtu: UNKNOWN as never })).ok).toBe(true);
    expect(parseBridge(tunnelled({ vxlan: { ...vxlan, peers: ["203.0.113.9", UNKNOWN] } })).ok).toBe(true);
  });

  it.each<[Partial<BridgeArgs>, string, RegExp]>([
    [{ mode: "routed" }, "vxlan", /needs mode: "isolated" \(got "routed"\)/],
    [{ mode: "transparent", uplink: "eth0" }, "vxlan", /join the LANs of both hosts/],
    [{ mode: "nat", lan4: { network: "10.0.3.0/24", gateway: "10.0.3.1" } }, "vxlan", /on no other host/],
    [{ isolation: "none" }, "isolation", /must be "tenant" with vxlan/],
    [{ allowBetween: "none" }, "allowBetween", /need no tunnel/],
    [{ mtu: undefined }, "mtu", /is required with vxlan/],
    [{ mtu: 1200 }, "mtu", /at least 1280/],
    [{ vxlan: { ...vxlan, id: 0 } }, "vxlan.id", /from 1 to 16777215/],
    [{ vxlan: { ...vxlan, id: 16_777_216 } }, "vxlan.id", /from 1 to 16777215/],
    [{ vxlan: { ...vxlan, id: "7" as never } }, "vxlan.id", /from 1 to 16777215/],
    [{ vxlan: { ...vxlan, port: 0 } }, "vxlan.port", /from 1 to 65535/],
    [{ vxlan: { ...vxlan, peers: [] } }, "vxlan.peers", /1 to 64 elements/],
    [{ vxlan: { ...vxlan, peers: ["203.0.113.9", "203.0.113.9"] } }, "vxlan.peers[1]", /is listed twice/],
    [{ vxlan: { ...vxlan, peers: ["203.0.113.2"] } }, "vxlan.peers[0]", /this host's own address/],
    [{ vxlan: { ...vxlan, peers: ["2001:db8::1"] } }, "vxlan.peers[0]", /not of the family of 203\.0\.113\.2/],
    [{ vxlan: { ...vxlan, peers: ["fe80::1"] } }, "vxlan.peers[0]", /special-purpose/],
    [{ vxlan: { ...vxlan, peers: ["one.example.org"] } }, "vxlan.peers[0]", /canonical IPv4 or IPv6 address/],
  ])("refuses %j", (changes, path, message) => {
    expect(problemsOf(parseBridge(tunnelled(changes)))).toEqual([
      { path, message: expect.stringMatching(message) as string },
    ]);
  });

  it("refuses a bridge with the name of a tunnel", () => {
    expect(problemsOf(parseBridge(tunnelled({ bridge: "vx-7" })))[0]?.message).toMatch(/reserved/);
    expect(parseBridge(tunnelled({ bridge: "vx-lan" })).ok).toBe(true);
  });

  it("has machines that know its segment", () => {
    const [first] = machineArgs().networks;
    const network = { ...first!, mode: "isolated" as const, isolation: "tenant" as const, addresses: [] };
    expect(parseMachine(machineArgs({ networks: [{ ...network, vxlan: 5001 }] })).ok).toBe(true);
    expect(problemsOf(parseMachine(machineArgs({ networks: [{ ...network, vxlan: 0 }] })))[0]?.path).toBe(
      "networks[0].vxlan",
    );
  });

  it("has a network of the stack's and the segment's own, the same for ever", () => {
    expect(uniqueLocal("shop/test", "VXLAN 5001")).toBe(uniqueLocal("shop/test", "VXLAN 5001"));
    expect(uniqueLocal("shop/test", "VXLAN 5001")).not.toBe(uniqueLocal("shop/prod", "VXLAN 5001"));
  });
});
