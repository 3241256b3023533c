import { pathOf } from "../../cli/doctor/path";
import { meshAddress } from "../../provider/model/mesh";
import { meshKeys } from "../support/sample";
import { found, goodAnswers, machine } from "./host";

const dynamic = "pulumi-nodejs:dynamic/nspawn:BridgeNetwork";

/** The machine on a network that two other hosts have as well. */
const plain = { id: 5001, local: "203.0.113.5", peers: ["203.0.113.9", "203.0.113.10"] };
const tunnelled = (vxlan: typeof plain = plain) =>
  machine((resources) => {
    const [network] = (resources.at(-1)!.inputs as any).networks;
    Object.assign(network, {
      ...{ bridge: "back", mode: "isolated", isolation: "tenant", vxlan: 5001, gateway4: undefined },
      addresses: [{ address: "10.9.0.7", proxied: true }],
    });
    const inputs = { stateVersion: 1, bridge: "back", host: { id: "shop/test/host/host-1", instance: "101" }, vxlan };
    resources.push({ urn: `urn:pulumi:test::shop::${dynamic}::back`, type: dynamic, inputs });
  });

const nobody = (dst: string) => ({ mac: "00:00:00:00:00:00", ifname: "vx-5001", dst, state: "permanent" });
const answers = (change: { links?: (text: string) => string; fdb?: object[]; ping?: string } = {}) => {
  const tunnel = { ifname: "vx-5001", flags: ["UP"], master: "back", addr_info: [], linkinfo: { info_kind: "vxlan" } };
  const bridge = { ifname: "back", flags: ["UP"], addr_info: [] };
  const port = { ifname: "vb-web", flags: ["UP"], master: "back", addr_info: [] };
  const links = JSON.stringify([...JSON.parse(goodAnswers().links!).slice(0, 2), bridge, port, tunnel]);
  return {
    links: (change.links ?? ((text) => text))(links),
    fdb: JSON.stringify(change.fdb ?? [nobody("203.0.113.9"), nobody("203.0.113.10")]),
    filters: "back\tloaded",
    "path.ping.203.0.113.9": change.ping ?? "0\n1 packets transmitted, 1 received",
    "path.ping.203.0.113.10": "0\n1 packets transmitted, 1 received",
  };
};

const hops = (change: Parameters<typeof answers>[0] = {}) =>
  pathOf(tunnelled(), found(answers(change)))
    .filter(({ hop }) => hop === "tunnel" || hop === "underlay")
    .map(({ hop, subject, ok, seen }) => [hop, subject, ok, seen]);

test("a tunnel and the hosts behind it are hops", () => {
  expect(hops()).toEqual([
    ["tunnel", "vx-5001", true, "is up, a port of back, and leads to 203.0.113.9, 203.0.113.10"],
    ["underlay", "203.0.113.9", true, "answers a ping"],
    ["underlay", "203.0.113.10", true, "answers a ping"],
  ]);
});

test.each<[string, Parameters<typeof answers>[0], string]>([
  ["is gone", { links: (text) => text.replace('"vx-5001"', '"vx-7"') }, "there is no such interface"],
  ["is in another bridge", { links: (text) => text.replace(/("vx-5001".*?"master":)"back"/, '$1"br1"') }, "is a port of br1"],
  ["does not lead to one", { fdb: [nobody("203.0.113.9")] }, "does not lead to 203.0.113.10"],
])("a tunnel that %s is the hop that is broken", (_, change, seen) => {
  expect(hops(change)[0]).toEqual(["tunnel", "vx-5001", false, seen]);
}); // prettier-ignore

test("a host that answers no ping could not be judged", () => {
  expect(hops({ ping: "1\n0 received" })[1]).toEqual(["underlay", "203.0.113.9", null, "does not answer a ping"]);
});

const [one, two] = meshKeys;
const meshed = { id: 5001, local: "203.0.113.5", peers: ["203.0.113.9"], wireguard: { key: one, peers: [two] } };

/** The same network with WireGuard between the hosts: what doctor says of it. */
const meshHops = (change: { wireguard?: string; ping?: string } = {}) => {
  const end = meshAddress(5001, two);
  const known = `public-key\twg-5001\t${one}\nlisten-port\twg-5001\t51820\nallowed-ips\twg-5001\t${two}\t${end}/128\n`;
  const mesh = { ifname: "wg-5001", flags: ["UP"], addr_info: [], linkinfo: { info_kind: "wireguard" } };
  const from = answers({ links: (text) => JSON.stringify([...(JSON.parse(text) as object[]), mesh]), fdb: [nobody(end)] });
  const wireguard = change.wireguard ?? `${known}heard\twg-5001\t${two}\t3\n`;
  const all = { ...from, wireguard: wireguard.replace("KNOWN", known), "path.ping.203.0.113.9": change.ping ?? "0\n1 received" };
  return pathOf(tunnelled(meshed), found(all))
    .filter(({ hop }) => ["tunnel", "wireguard", "wireguard peer", "underlay"].includes(hop))
    .map(({ hop, subject, ok, seen }) => [hop, subject, ok, seen]);
}; // prettier-ignore

test("WireGuard and the keys of the others are hops", () => {
  const end = meshAddress(5001, two);
  expect(meshHops()).toEqual([
    ["tunnel", "vx-5001", true, `is up, a port of back, and leads to ${end}`],
    ["wireguard", "wg-5001", true, "is up on UDP port 51820, and knows all peers"],
    ["wireguard peer", end, true, "203.0.113.9:51820 has shown its key"],
    ["underlay", "203.0.113.9", true, "answers a ping"],
  ]);
});

test("who shows no key, or has done so long ago, is no peer; where nobody answers nothing is said of it", () => {
  const silent = [false, `203.0.113.9:51820 does not show the key ${two}`];
  expect(meshHops({ wireguard: "KNOWN" })[2]?.slice(2)).toEqual(silent);
  expect(meshHops({ wireguard: `KNOWNheard\twg-5001\t${two}\t500\n` })[2]?.slice(2)).toEqual(silent);
  expect(meshHops({ wireguard: "KNOWN", ping: "1\n0 received" })[2]?.[2]).toBeNull();
  expect(meshHops({ wireguard: "" })[1]).toEqual(["wireguard", "wg-5001", false, `does not know ${two}`]);
});
