import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArgs, machineArgs } from "../support/sample";

/** The network files of systemd that are about the host's own links, by interface. */
function linkFiles(files: Record<string, string>): Record<string, string> {
  const own = Object.entries(files).flatMap(([path, text]) => {
    const name = /^\/etc\/systemd\/network\/10-(.*)\.network$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(own);
}

/** networkd listens for LLDP on a link before any filter, unless it is told not to; never on a bridge itself. */
const unheard = (files: Record<string, string>): [string, boolean][] =>
  Object.entries(linkFiles(files)).map(([name, text]) => [name, /^LLDP=no$/m.test(text)]);

const vxlan = { id: 5001, local: "203.0.113.2", peers: ["203.0.113.9"] };

describe("a host that machines of an isolated network do not reach", () => {
  it.each([
    ["with a macvlan beside it", { macvlan: "mv-back" }, ["mv-back", "mv-back-v1", "mv-back-v2"]],
    ["of several hosts", { isolation: "tenant" as const, mtu: 1450, vxlan }, ["vx-5001"]],
  ])("hears nothing on the links of a bridge %s", (_, more, links) => {
    const { files } = desiredBridge(bridgeArgs({ bridge: "back", mode: "isolated", ipv4: undefined, ...more }));
    expect(
      unheard(files)
        .filter(([name]) => name !== "back")
        .sort(),
    ).toEqual(links.map((link) => [link, true]));
  });

  it.each([["none" as const], ["tenant" as const]])("hears nothing of a machine's port, isolation %s", (isolation) => {
    const network = { bridge: "back", mode: "isolated" as const, isolation, lan6: "fd12:3456:789a:1::/64" };
    const addresses = [{ address: "fd12:3456:789a:1::7", proxied: true }];
    const networks = [
      { ...network, addresses },
      { ...network, bridge: "side", addresses },
    ];
    const files = unheard(desiredMachine(machineArgs({ networks })).files);
    expect(files).toEqual([
      ["vb-web", true],
      ["vb-web_1", true],
    ]);
  });

  it("hears the ports of machines that it routes for and that trust each other, as it did", () => {
    const { files } = desiredMachine(machineArgs());
    expect(unheard(files)).toEqual([]);
  });
});
