import { machineArgs } from "../support/sample";
import { attempts } from "./attempt";

const [network] = machineArgs().networks;

/** What is wrong with any argument: unknown names, names of the language itself, holes in lists, other types. */
export const shapes = attempts(
  ["machine", "__proto__", "is not an argument; ", [{ running: false }, null, "x"], "__proto__.value"],
  ["machine", "constructor", "is not an argument; ", ["x"], "constructor.value"],
  ["machine", "toString", "is not an argument; ", ["x"], "toString.value"],
  ["machine", ["networks", 0, "__proto__"], "is not an argument; allowed are bridge, interface, ", [{ mode: "transparent" }]],
  ["machine", ["networks", 0, "__provider"], "is not an argument; ", ["exports.handler"]],
  ["host", ["connection", "hostkey"], 'is not an argument; did you mean "hostKeys"?', ["x"]],
  ["host", ["connection", "x\n[Exec]"], "is not an argument; ", ["x"]],
  ["bridge", "isolaton", 'is not an argument; did you mean "isolation"?', ["none"], "isolaton.value"],
  ["machine", "hostName", 'is not an argument; did you mean "hostname"?', ["web"], "hostName.value"],
  ["machine", ["networks", 0, "adresses"], 'is not an argument; did you mean "addresses"?', [[]]],
  ["machine", ["image", "siute"], 'is not an argument; did you mean "suite"?', ["x"]],
  ["floating IPv4", "adress", 'is not an argument; did you mean "address"?', ["x"], "adress.value"],
  ["host", "pakages", 'is not an argument; did you mean "packages"?', [[]], "pakages.value"],
  ["machine", "x".repeat(10_000), "is not an argument; ", [1], `["${"x".repeat(60)}"].value`],
  ["machine", ["authorizedKeys", 1], "must be a text (got nothing)", [undefined, null]],
  ["machine", ["dns", 1], "must be a text (got nothing)", [undefined]],
  ["machine", ["image", "packages", 1], "must be a text (got nothing)", [undefined, null]],
  ["machine", ["networks", 0, "addresses", 1], "must be an object (got nothing)", [undefined, null]],
  ["machine", ["networks", 0, "addresses", 1], "must be an object (got ", ["198.51.100.9", 7, []]],
  ["machine", ["networks", 0, "addresses", 1, "address"], "is required", [undefined, null]],
  ["machine", "networks", "must be a list (got ", ["br0", {}, { 0: network, length: 1 }, 7]],
  ["machine", "networks", "must have 0 to ", [Array.from({ length: 1000 }, () => network)]],
  ["machine", ["networks", 0], "must be an object (got ", ["br0", [], 7]],
  ["machine", ["networks", 0, "addresses"], "must be a list", ["198.51.100.7", { address: "198.51.100.7" }]],
  ["machine", "dns", "must have 1 to 3 elements", [[], ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4"]]],
  ["machine", "name", "is required", [undefined, null]],
  ["machine", "hostname", "must be a text (got ", [7, ["web"], {}]],
  ["host", "connection", "must be an object (got ", ["root@h", [], 7]],
  ["host", "connection", "is required", [undefined, null]],
  ["host", "sysctls", "must be an object (got ", ["net.core.somaxconn=1", [], 7]],
  ["host", "packages", "must be a list (got ", ["tcpdump", {}]],
  ["machine", "host", "must be an object", ["host-1"]],
  ["host", "host", "is required", [{ id: "a" }], "host.instance"],
  ["floating IPv4", "type", 'must be "ipv4" or "ipv6"', ["ipv5", "", 4]],
  ["floating IPv6", "network", "is required for an IPv6 address", [undefined]],
); // prettier-ignore
