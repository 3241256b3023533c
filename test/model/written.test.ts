import { asWritten } from "../../provider/model/written";

const paths = (type: string, of: string[], inputs = {}): string[] =>
  asWritten(
    type,
    inputs,
    of.map((path) => ({ path, message: "" })),
  ).map(({ path }) => path);

it.each<[string, string, string]>([
  ["NspawnMachine", "name", "machineName"],
  ["NspawnMachine", "hostname", "hostname"],
  ["NspawnMachine", "networks[0].bridge", "networks[0].network"],
  ["NspawnMachine", "networks[0].addresses[1].address", "networks[0].addresses[1]"],
  ["NspawnMachine", "networks[0].lan4.gateway", "networks[0].network: ipv4.gateway"],
  ["NspawnMachine", "networks[0].macvlan", "networks[0].network: macvlan"],
  ["NspawnMachine", "rootPassword.value", "rootPassword"],
  ["NspawnMachine", 'secrets.files["/etc/s"]', 'provision.files: content["/etc/s"]'],
  ["NspawnMachine", "secrets.passwords.ann", "users: passwordHash.ann"],
  ["NspawnMachine", "connection.port", "ssh.port"],
  ["NspawnHost", "connection.host", "ssh.host"],
  ["NspawnHost", "connection.hostKeys[0]", "ssh.hostKey"],
  ["NspawnHost", "connection.proxy.proxy.hostKeys", "ssh.proxy.proxy.hostKey"],
  ["NspawnHost", "credentials.privateKey", "ssh.privateKey"],
  ["NspawnHost", "connection.confirmWithin", "confirmWithin"],
  ["NspawnHost", 'sysctls["a b"]', 'sysctls["a b"]'],
  ["BridgeNetwork", "ipv6", "ipv6.prefix"],
  ["BridgeNetwork", "bridge", "bridge"],
  ["FloatingIp", "name", "the resource's name"],
])("%s: %s stands in the program as %s", (type, path, written) => {
  expect(paths(type, [path])).toEqual([written]);
});

it("what is wrong with a machine's name is not said again of the hostname that comes from it", () => {
  expect(paths("NspawnMachine", ["name", "hostname"], { name: "A_b", hostname: "A_b" })).toEqual(["machineName"]);
  expect(paths("NspawnMachine", ["name", "hostname"], { name: "A_b", hostname: "-" })).toEqual([
    "machineName",
    "hostname",
  ]);
});
