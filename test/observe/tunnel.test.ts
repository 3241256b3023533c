import type { Facts, FoundLink } from "../../provider/observe/facts/facts";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { found } from "../../provider/observe/found";
import { underlayObstacles } from "../../provider/observe/netfilter/underlay";
import { parseNetfilter } from "../../provider/observe/netfilter/parse-netfilter";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { bridgeArgs } from "../support/sample";
import { factsOf } from "./facts-of";

const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9", "203.0.113.4"] };
const desired = desiredBridge(
  bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1450, vxlan, ipv4: undefined }),
);

const good: FoundLink = {
  ...{ ifname: "vx-5001", kind: "vxlan", up: true, mtu: 1450, master: "back", guarded: false, isolated: true },
  ...{ addresses: [], vxlan: { id: 5001, local: "203.0.113.2", port: 4789, apart: true } },
};
const peers = vxlan.peers.map((address) => ({ address, link: "vx-5001" }));

function live(change: (facts: Facts) => void = () => undefined) {
  const facts = factsOf(desired, "k");
  facts.links.set("vx-5001", good);
  facts.peers = [...peers, { address: "203.0.113.77", link: "flannel.1" }];
  change(facts);
  return found({ desired, key: "k", bridge: "back" }, facts).live;
}

describe("a bridge's tunnel", () => {
  it("is found as it is wanted, and is no stray port", () => {
    const { tunnel, peers: all, strays } = live();
    expect([tunnel, all, strays]).toEqual([desired.live.tunnel, desired.live.peers, undefined]);
  });

  it.each<[string, Partial<FoundLink>, RegExp]>([
    ["down", { up: false }, /port 4789 down master back/],
    ["out of its bridge", { master: undefined }, /without master/],
    ["a port like another", { vxlan: { ...good.vxlan!, apart: false } }, /master back not isolated/],
    ["sending from elsewhere", { vxlan: { ...good.vxlan!, local: "any" } }, /from any port 4789/],
    ["too wide", { mtu: 1500 }, /mtu 1500$/],
  ])("is told as it is: %s", (_, change, line) => {
    const { tunnel } = live((facts) => facts.links.set("vx-5001", { ...good, ...change }));
    expect(tunnel).toMatch(line);
  });

  it("is absent where it is not there, and leads where it leads", () => {
    expect(live((facts) => facts.links.delete("vx-5001")).tunnel).toBeUndefined();
    const lost = live((facts) => (facts.peers = [peers[0]!, { address: "203.0.113.8", link: "vx-5001" }]));
    expect(lost.peers).toEqual(["203.0.113.8 by vx-5001", "203.0.113.9 by vx-5001"]);
  });

  it("is another one's stray port on any other bridge", () => {
    const { strays } = live((facts) => facts.links.set("vx-7", { ...good, ifname: "vx-7" }));
    expect(strays).toEqual(["port vx-7"]);
  });

  it("is read from what ip(8) and bridge(8) say, of either family", () => {
    const link = (data: object) => ({
      ...{ ifname: "vx-5001", flags: ["UP"], mtu: 1450, master: "back" },
      linkinfo: {
        info_kind: "vxlan",
        info_data: { id: 5001, port: 4789, learning: true, ...data },
        info_slave_data: { isolated: true, learning: false, guard: true, flood: true },
      },
    });
    const nobody = { mac: "00:00:00:00:00:00", ifname: "vx-5001", flags: ["self"], state: "permanent" };
    const fdb = [
      { ...nobody, dst: "203.0.113.9" },
      { ...nobody, mac: "02:00:00:00:00:01", dst: "203.0.113.9", state: "" },
      { mac: "33:33:00:00:00:01", ifname: "eth0", flags: ["self"], state: "permanent" },
    ];
    const factsFrom = (data: object): Facts =>
      parseFacts({
        texts: new Map([
          ["link", JSON.stringify([link(data)])],
          ["fdb", JSON.stringify(fdb)],
        ]),
        files: new Map(),
      });
    const four = factsFrom({ local: "203.0.113.2" });
    expect(four.links.get("vx-5001")?.vxlan).toEqual(good.vxlan);
    expect(four.peers).toEqual([{ address: "203.0.113.9", link: "vx-5001" }]);
    expect(factsFrom({ local6: "2001:db8::1" }).links.get("vx-5001")?.vxlan?.local).toBe("2001:db8::1");
    expect(factsFrom({}).links.get("vx-5001")?.vxlan?.local).toBe("any");
  });
});

describe("filters of others that drop what comes from peers", () => {
  const chain = { family: "inet", table: "filter", name: "input", handle: 1, type: "filter", hook: "input", prio: 0 };
  const rule = (...expr: object[]) => ({ rule: { family: "inet", table: "filter", chain: "input", handle: 2, expr } });
  const dport = (right: unknown) => ({
    match: { op: "==", left: { payload: { protocol: "udp", field: "dport" } }, right },
  });
  const from = (right: unknown) => ({
    match: { op: "==", left: { payload: { protocol: "ip", field: "saddr" } }, right },
  });
  const accept = { accept: null };
  const seen = (policy: string, ...rules: object[]) => {
    const ruleset = JSON.stringify({ nftables: [{ chain: { ...chain, policy } }, ...rules] });
    const netfilter = parseNetfilter((name) => (name === "ruleset" ? ruleset : ""));
    return underlayObstacles({ what: "VXLAN", ...vxlan, port: 4789 }, netfilter).map(
      ({ text, advice }) => `${text}: ${advice}`,
    );
  };

  it("are told, with what to add", () => {
    const [first, second] = seen("drop", rule(dport(53), accept));
    expect(first).toBe(
      "VXLAN from 203.0.113.9: table inet filter, chain input, policy drop: add nft insert rule inet filter input ip saddr 203.0.113.9 udp dport 4789 accept (and the same where these rules are loaded from, such as /etc/nftables.conf)",
    );
    expect(second).toContain("VXLAN from 203.0.113.4");
  });

  it("are told beside what a host always lets in: its own loopback, answers, ping, its SSH", () => {
    const meta = (key: string, right: unknown) => ({ match: { op: "==", left: { meta: { key } }, right } });
    const state = { match: { op: "in", left: { ct: { key: "state" } }, right: ["established", "related"] } };
    const ssh = { match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: 2222 } };
    const usual = [rule(state, accept), rule(meta("iif", "lo"), accept), rule(meta("l4proto", "icmp"), accept)];
    expect(seen("drop", ...usual, rule(ssh, accept))).toHaveLength(2);
    expect(seen("drop", ...usual, rule(meta("iif", "eth0"), accept))).toEqual([]);
  });

  it.each<[string, object[]]>([
    ["by its port", [rule(dport(4789), accept)]],
    ["by one of its ports", [rule(dport({ set: [53, 4789] }), accept)]],
    ["by its sources", [rule(from({ set: ["203.0.113.4", "203.0.113.9"] }), accept)]],
    ["by a range, about which nobody knows", [rule(dport({ range: [4000, 5000] }), accept)]],
  ])("are none that let it pass: %s", (_, rules) => {
    expect(seen("drop", ...rules)).toEqual([]);
    expect(seen("accept", rule(dport(22), { drop: null }))).toEqual([]);
  });
});
