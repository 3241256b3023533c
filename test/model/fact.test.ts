import { bridgeLinkLine, parseBridgeLink } from "../../provider/model/fact/bridge-link";
import { cableLine, parseCable } from "../../provider/model/fact/cable";
import { loginLine, parseLogin } from "../../provider/model/fact/login";
import { neighbourLine, parseNeighbour } from "../../provider/model/fact/neighbour";
import { isForLink, overrideLine } from "../../provider/model/fact/override";
import { parsePort, portLine } from "../../provider/model/fact/port";
import { parseProxy, proxyLine } from "../../provider/model/fact/proxy";
import { isToSubnet, parseRoute, routeLine } from "../../provider/model/fact/route";

const mac = "02:00:00:00:00:01";

// State on disk has these lines: another form of one of them would be a change of every resource that is there.
describe("facts as lines", () => {
  it.each<[string, (line: string) => string, string]>([
    ["a route", (line) => routeLine(parseRoute(line)), "198.51.100.7/32 dev br0"],
    ["a route of a subnet", (line) => routeLine(parseRoute(line)), "2001:db8:1:0:5::/80 dev br0"],
    ["one through an address", (line) => routeLine(parseRoute(line)), "2001:db8:1:0:5::/80 via 2001:db8:1::7 dev br0"],
    ["a neighbour", (line) => neighbourLine(parseNeighbour(line)), `fe80::1 is ${mac} on br0`],
    ["a proxy entry", (line) => proxyLine(parseProxy(line)), "2001:db8::7 on the uplink"],
    ["a key", (line) => loginLine(parseLogin(line)), "root: ssh-ed25519 AAAA a: b"],
    ["a bridge", (line) => bridgeLinkLine(parseBridgeLink(line)), "br0 bridge up"],
    ["a bridge with its size", (line) => bridgeLinkLine(parseBridgeLink(line)), "br0 bridge up mtu 1400"],
    ["a port", (line) => portLine(parsePort(line)), "vb-web master br0"],
    ["a port with its size", (line) => portLine(parsePort(line)), "vb-web master br0 mtu 1400"],
    ["an isolated port", (line) => portLine(parsePort(line)), `vb-web master br0 isolated, ${mac} alone mtu 9000`],
    ["a guarded port", (line) => portLine(parsePort(line)), `vb-web master br0 guarded, ${mac} alone`],
    ["a cable", (line) => cableLine(parseCable(line)), "ve-web up fe80::1/64"],
    ["a cable with its size", (line) => cableLine(parseCable(line)), "ve-web up fe80::1/64 mtu 1400"],
  ])("%s is read as it was written", (_, again, line) => expect(again(line)).toBe(line));

  it("tell the route of a subnet from that of an address", () => {
    const subnets = ["198.51.100.7/32", "2001:db8::7/128", "2001:db8:1:0:5::/80", "2001:db8::/32", "2001:db8::/124"];
    expect(subnets.filter((destination) => isToSubnet({ destination, link: "br0" }))).toEqual(subnets.slice(2));
  });

  it("say what is found and not wanted", () => {
    const port = { name: "vb-web", master: "br0", protection: "isolated" as const };
    expect(portLine({ ...port, unprotected: true })).toBe("vb-web master br0 not isolated");
    expect(portLine({ name: "vb-web", mtu: 1500 })).toBe("vb-web without master");
    expect(bridgeLinkLine({ name: "br0", kind: "bridge", up: false, mtu: 1400, configured: "unmanaged" })).toBe(
      "br0 bridge down mtu 1400 unmanaged",
    );
    expect(cableLine({ name: "ve-web", up: false, addresses: [], configured: "by /etc/x", mtu: 1400 })).toBe(
      "ve-web down by /etc/x mtu 1400",
    );
  });

  it("know an override that is read for a link from one whose path says so", () => {
    const path = "/etc/systemd/network/05-wired.network";
    expect(isForLink(overrideLine({ path, kind: "link", link: "br0" }))).toBe(true);
    expect(isForLink(overrideLine({ path: "/etc/x", kind: "unit", unit: "is read for " }))).toBe(false);
    expect(isForLink(overrideLine({ path, kind: "setting", setting: "Match Name" }))).toBe(false);
  });
});
