import type { Facts, FoundLink } from "../../provider/observe/facts/facts";
import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { found } from "../../provider/observe/found";
import { underlayObstacles } from "../../provider/observe/netfilter/underlay";
import { parseNetfilter } from "../../provider/observe/netfilter/parse-netfilter";
import { underlaysOf } from "../../provider/observe/traffic-of";
import { endsOf, meshAddress } from "../../provider/model/mesh";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredHost } from "../../provider/render/desired-host";
import { bridgeArgs, hostArgs, meshKeys } from "../support/sample";
import { factsOf } from "./facts-of";

const [one, two, three] = meshKeys;
const wireguard = { key: one, peers: [two, three] };
const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9", "203.0.113.4"], wireguard };
const desired = desiredBridge(
  bridgeArgs({ bridge: "back", mode: "isolated", isolation: "tenant", mtu: 1370, vxlan, ipv4: undefined }),
);

const good: FoundLink = {
  ...{ ifname: "wg-5001", kind: "wireguard", up: true, mtu: 1440, guarded: false, isolated: false },
  addresses: [`${meshAddress(5001, one)}/64`],
};
const peersOf = (...keys: string[]) =>
  new Map(keys.map((key) => [key, { addresses: `${meshAddress(5001, key)}/128`, heard: 5 }]));

function live(change: (facts: Facts) => void = () => undefined) {
  const facts = factsOf(desired, "k");
  facts.links.set("wg-5001", good);
  facts.wireguard.links.set("wg-5001", { key: one, port: 51820, peers: peersOf(two, three) });
  change(facts);
  return found({ desired, key: "k", bridge: "back" }, facts).live;
}

describe("the WireGuard of a bridge's tunnel", () => {
  it("is found as it is wanted, whenever a peer was heard of", () => {
    const { mesh, meshPeers } = live();
    expect([mesh, meshPeers]).toEqual([desired.live.mesh, desired.live.meshPeers]);
  });

  it.each<[string, (facts: Facts) => void, RegExp]>([
    ["down", ({ links }) => links.set("wg-5001", { ...good, up: false }), / down mtu 1440$/],
    ["too wide", ({ links }) => links.set("wg-5001", { ...good, mtu: 1500 }), /up mtu 1500$/],
    ["elsewhere", ({ links }) => links.set("wg-5001", { ...good, addresses: ["fd00::1/64"] }), /without-its-address/],
    ["on another port", ({ wireguard: all }) => (all.links.get("wg-5001")!.port = 7), /port 7 key/],
    ["with another key", ({ wireguard: all }) => (all.links.get("wg-5001")!.key = two), new RegExp(`key ${two.replace(/[+]/g, ".")} up`)],
    ["no link of WireGuard", ({ wireguard: all }) => all.links.clear(), /port 0 key none/],
  ])("is told as it is: %s", (_, change, line) => {
    expect(live(change).mesh).toMatch(line);
  }); // prettier-ignore

  it("is absent where it is not there, and knows whom it knows", () => {
    expect(live(({ links }) => links.delete("wg-5001")).mesh).toBeUndefined();
    const stranger = Buffer.alloc(32, 9).toString("base64");
    const { meshPeers } = live(({ wireguard: all }) => (all.links.get("wg-5001")!.peers = peersOf(two, stranger)));
    expect(meshPeers).toEqual(
      [two, stranger].map((key) => `${meshAddress(5001, key)}/128 key ${key} by wg-5001`).sort(),
    );
  });

  it("is read from what the host says of it, which is no secret", () => {
    const text = [
      `own\t${one}\t0640 root:systemd-network`,
      `public-key\twg-5001\t${one}`,
      "listen-port\twg-5001\t51820",
      `allowed-ips\twg-5001\t${two}\tfd00::2/128`,
      `allowed-ips\twg-5001\t${three}\t(none)`,
      `heard\twg-5001\t${two}\t17`,
      "public-key\twg-7\t(none)",
      "",
    ].join("\n");
    const { wireguard: read } = parseFacts({ texts: new Map([["wireguard", text]]), files: new Map() });
    expect(read.own).toEqual({ key: one, access: "0640 root:systemd-network" });
    expect(read.links.get("wg-5001")).toEqual({
      ...{ key: one, port: 51820 },
      peers: new Map([
        [two, { addresses: "fd00::2/128", heard: 17 }],
        [three, { addresses: "(none)" }],
      ]),
    });
    expect(read.links.get("wg-7")).toEqual({ key: "", port: 0, peers: new Map() });
  });
});

describe("the key of a host", () => {
  const wanted = desiredHost(hostArgs({ wireguard: true }));
  it.each<[string, Facts["wireguard"]["own"], string | undefined]>([
    ["as wanted", { key: one, access: "0640 root:systemd-network" }, "made, 0640 root:systemd-network"],
    ["open to others", { key: one, access: "0644 root:root" }, "made, 0644 root:root"],
    ["none", { key: "", access: "0640 root:systemd-network" }, "no key, 0640 root:systemd-network"],
    ["gone", undefined, undefined],
  ])("is found %s", (_, own, line) => {
    const facts = { ...factsOf(wanted, "k"), wireguard: { own, links: new Map() } };
    expect(found({ desired: wanted, key: "k" }, facts).live.wireguard).toBe(line);
  });
});

test("filters of others that drop either are told: WireGuard from the hosts, and what comes in it", () => {
  const chain = { family: "inet", table: "filter", name: "input", handle: 1, type: "filter", hook: "input", prio: 0 };
  const dport = { match: { op: "==", left: { payload: { protocol: "udp", field: "dport" } }, right: 51820 } };
  const rule = {
    rule: { family: "inet", table: "filter", chain: "input", handle: 2, expr: [dport, { accept: null }] },
  };
  const seen = (...rules: object[]) => {
    const ruleset = JSON.stringify({ nftables: [{ chain: { ...chain, policy: "drop" } }, ...rules] });
    const netfilter = parseNetfilter((name) => (name === "ruleset" ? ruleset : ""));
    return underlaysOf({ vxlan }).flatMap((underlay) => underlayObstacles(underlay, netfilter));
  };
  expect(seen().map(({ text }) => text.replace(/: table.*/, ""))).toEqual([
    ...["WireGuard from 203.0.113.9", "WireGuard from 203.0.113.4"],
    ...endsOf(vxlan).peers.map((peer) => `VXLAN from ${peer}`),
  ]);
  const [inside] = seen(rule);
  const [peer] = endsOf(vxlan).peers;
  expect(inside?.advice).toContain(`iifname "wg-5001" ip6 saddr ${peer} udp dport 4789 accept`);
  expect(seen(rule)).toHaveLength(2);
});
