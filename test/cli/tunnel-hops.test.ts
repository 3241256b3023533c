import { pathOf } from "../../cli/doctor/path";
import { found, goodAnswers, machine } from "./host";

const dynamic = "pulumi-nodejs:dynamic/nspawn:BridgeNetwork";

/** The machine on a network that two other hosts have as well. */
const tunnelled = () =>
  machine((resources) => {
    const [network] = (resources.at(-1)!.inputs as any).networks;
    Object.assign(network, {
      ...{ bridge: "back", mode: "isolated", isolation: "tenant", vxlan: 5001, gateway4: undefined },
      addresses: [{ address: "10.9.0.7", proxied: true }],
    });
    const vxlan = { id: 5001, local: "203.0.113.5", peers: ["203.0.113.9", "203.0.113.10"] };
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
