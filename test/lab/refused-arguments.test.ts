import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { ensureEngine } from "../../engine";
import { programFolder, removeAll, root } from "../contract/installed";

jest.setTimeout(600_000);
afterAll(removeAll);

const { publicKey } = ed25519Pair();

/** What the real engine says to a preview of a program. Nothing is reached: a preview needs no host. */
async function preview(program: string): Promise<{ code: number | null; output: string }> {
  const folder = programFolder("linked");
  const { env } = await ensureEngine({ root });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: try\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(folder, "package.json"), '{"name":"try","main":"index.js"}');
  writeFileSync(join(folder, "index.js"), `const nspawn = require("pulumi-nspawn");\n${program}`);
  mkdirSync(join(folder, "state"));
  const own = {
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_BACKEND_URL: `file://${folder}/state`,
  };
  const pulumi = (...words: string[]) =>
    spawnSync("pulumi", [...words, "--non-interactive"], { cwd: folder, env: { ...env, ...own }, encoding: "utf8" });
  pulumi("stack", "init", "dev");
  const { status, stdout, stderr } = pulumi("preview");
  return { code: status, output: `${stdout}\n${stderr}` };
}

const host = (ssh: string): string =>
  `const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "${publicKey}"${ssh} } });
   const br0 = new nspawn.BridgeNetwork("br0", { host, ipv6: { prefix: "2001:db8:1::/64" } });
   const usual = { host, networks: [{ network: br0 }], image: nspawn.image.debootstrap({ suite: "bookworm" }) };\n`;

test("what is wrong with all bridges is told at once, beside machines, in the words of the program", async () => {
  const { code, output } = await preview(`${host("")}
    new nspawn.BridgeNetwork("plain", { host, bridge: "br1", mode: "magic", bogus: 1 });
    new nspawn.BridgeNetwork("wide", { host, bridge: "nat0", mode: "nat", ipv4: { network: "8.8.8.0/24" }, dhcpserver: {} });
    new nspawn.BridgeNetwork("far", { host, bridge: "nat1", mode: "nat", ipv4: { network: "10.1.0.0/16", gateway: "10.2.0.1" } });
    new nspawn.NspawnMachine("mail", { ...usual, onDelete: "burn" });
    new nspawn.BridgeNetwork("good", { host, bridge: "back", mode: "isolated" });`);
  expect(code).not.toBe(0);
  const told = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  expect(told.map((line) => line.trim().replace(/^error: /, "")).sort()).toEqual([
    expect.stringMatching(
      /^BridgeNetwork "far": ipv4\.gateway: 10\.2\.0\.1 is not in the bridge's network 10\.1\.0\.0\/16 /,
    ),
    expect.stringMatching(/^BridgeNetwork "plain": bogus: is not an argument; allowed are adopt, allowBetween, /),
    expect.stringMatching(/^BridgeNetwork "plain": mode: must be "isolated" or "nat" or .* \(got "magic"\) /),
    expect.stringMatching(/^BridgeNetwork "wide": dhcpserver: is not an argument; did you mean "dhcpServer"\? /),
    expect.stringMatching(/^BridgeNetwork "wide": ipv4\.network: must be of private addresses, /),
    expect.stringMatching(/^NspawnMachine "mail": onDelete: .*\(got "burn"\) /),
  ]);
});

test("what is wrong with all machines of a program is told at once, of the properties that it has, with the code", async () => {
  const { code, output } = await preview(`${host("")}
    new nspawn.NspawnMachine("Web_1", usual);
    new nspawn.NspawnMachine("db", { ...usual, networks: [{ network: br0, addresses: ["10.0.0.300"] }], rootPassword: "canary\\n" });
    new nspawn.NspawnMachine("mail", { ...usual, machineName: "Mail", onDelete: "burn" });
    new nspawn.NspawnMachine("good", usual);
    new nspawn.NspawnMachine("good-again", { ...usual, machineName: "good" });
    new nspawn.BridgeNetwork("other", { host, bridge: "br0" });
    for (const name of ["a", "b"]) new nspawn.NspawnMachine(name, { ...usual, networks: [{ network: br0, addresses: ["198.51.100.7"] }] });`);
  expect(code).not.toBe(0);
  const told = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  expect(told.map((line) => line.trim().replace(/^error: /, "")).sort()).toEqual([
    expect.stringMatching(
      /^NspawnMachine "Web_1": machineName: must be a host name: .* \(got "Web_1"\); the default is the resource's name /,
    ),
    expect.stringMatching(
      /^NspawnMachine "db": networks\[0\]\.addresses\[0\]: must be a canonical .* \(got "10\.0\.0\.300"\) /,
    ),
    expect.stringMatching(/^NspawnMachine "db": rootPassword: .*value hidden/),
    expect.stringMatching(/^NspawnMachine "mail": machineName: must be a host name: .* \(got "Mail"\) /),
    expect.stringMatching(/^NspawnMachine "mail": onDelete: .*\(got "burn"\) /),
    expect.stringMatching(/^address 198\.51\.100\.7 is used twice: by NspawnMachine "a" and by NspawnMachine "b"\. /),
    expect.stringMatching(
      /^interface br0 on \S+ is used twice: by BridgeNetwork "br0" and by BridgeNetwork "other"\. /,
    ),
    expect.stringMatching(
      /^machine good on \S+ is used twice: by NspawnMachine "good" and by NspawnMachine "good-again"\. /,
    ),
  ]);
  expect(output).not.toMatch(/<nil>|canary|\.js:|serializing/);
});

test("what is wrong with records in DNS is told at once, beside machines, and what is right is shown", async () => {
  const { code, output } = await preview(`${host("")}
    const machine = (name, addresses, more) => new nspawn.NspawnMachine(name, { ...usual, networks: [{ network: br0, addresses }], ...more });
    const web = machine("web", [br0.ipv6For("web")]), db = machine("db", ["10.1.2.3"]), bare = machine("bare", []);
    const late = machine("late", ["2001:db8:1::9"], { hostname: Promise.resolve("late") });
    new nspawn.NspawnMachine("mail", { ...usual, onDelete: "burn" });
    new nspawn.DnsRecords("a", { domain: "example.org", ttl: 5, machines: { web_1: web, www: web, "www.example.org": web }, privat: true });
    new nspawn.DnsRecords("b", { machines: [web, db, bare, late, "x"] });
    new nspawn.DnsRecords("c", { domain: "example.net", machines: [web], reverse: false });
    new nspawn.DnsRecords("d", { domain: "example.net", machines: { web }, reverse: false });`);
  expect(code).not.toBe(0);
  const told = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  expect(told.map((line) => line.trim().replace(/^error: /, "")).sort()).toEqual([
    expect.stringMatching(/^DnsRecords "a": machines\.web_1: must be a host name: .* \(got "web_1"\) /),
    expect.stringMatching(
      /^DnsRecords "a": machines\["www\.example\.org"\]: www\.example\.org is the name of machines\.www /,
    ),
    expect.stringMatching(/^DnsRecords "a": privat: is not an argument; did you mean "private"\? /),
    expect.stringMatching(/^DnsRecords "a": ttl: must be an integer from 60 to 2147483647 \(got 5\) /),
    expect.stringMatching(/^DnsRecords "b": machines\[1\]: the machine has private addresses only; write them with /),
    expect.stringMatching(/^DnsRecords "b": machines\[2\]: the machine has no address; /),
    expect.stringMatching(/^DnsRecords "b": machines\[3\]: the machine's hostname is not known before /),
    expect.stringMatching(/^DnsRecords "b": machines\[4\]: must be an NspawnMachine \(got "x"\) /),
    expect.stringMatching(/^DnsRecords "b": zone: give either `zone`, .* or `domain`/),
    expect.stringMatching(/^NspawnMachine "mail": onDelete: .*\(got "burn"\) /),
  ]);
});

test("what no component has as an argument is told of each, at any depth, beside all else", async () => {
  const { code, output } = await preview(`${host("")}
    new nspawn.NspawnHost("away", { ssh: { host: "203.0.113.7", hostKey: "${publicKey}", pivateKey: "canary" } });
    new nspawn.NspawnHost("lab", { ssh: { host: "203.0.113.8", hostKey: "${publicKey}", proxy: { host: "j", hostKey: "${publicKey}", usr: "x" } },
      sysctl: {}, uplink: "eth 0" });
    new nspawn.FloatingIp("web", { type: "ipv5", homeLocation: "fsn1", dnsptr: "x" });
    new nspawn.FloatingIp("mail", { type: "ipv4", homeLocation: "fsn1", color: "red" });
    new nspawn.BridgeNetwork("back", { host, bridge: "back", mode: "isolated", ipv4: { netwrk: "10.1.0.0/24" }, ipv6: { prefx: "auto" } });
    new nspawn.NspawnMachine("a", { ...usual, imge: 1, networks: [{ network: br0, adresses: [] }], limits: { memorymax: 1 } });
    const nat = new nspawn.BridgeNetwork("nat0", { host, bridge: "nat0", mode: "nat" });
    const port = (machine) => [{ network: nat, ports: [{ protocol: "tcp", host: 8080, machine }] }];
    new nspawn.NspawnMachine("b", { ...usual, networks: port(80) });
    new nspawn.NspawnMachine("c", { ...usual, networks: port("eighty"), owner: "me" });
    const twice = [{ protocol: "tcp", host: 81, machine: 80 }, { protocol: "tcp", host: 81, machine: 82 }];
    const d = new nspawn.NspawnMachine("d", { ...usual, networks: [{ network: nat, ports: twice }] });
    new nspawn.NspawnMachine("e", { ...usual, networks: [{ network: br0, addresses: "::1", subnets: "2001:db8:1:0:5::/80" }] });
    new nspawn.DnsRecords("dns", { domain: "example.org", machines: d });`);
  expect(code).not.toBe(0);
  const told = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  expect(told.map((line) => line.trim().replace(/^error: /, "")).sort()).toEqual([
    expect.stringMatching(/^BridgeNetwork "back": ipv4\.netwrk: is not an argument; did you mean "network"\? /),
    expect.stringMatching(/^BridgeNetwork "back": ipv6\.prefx: is not an argument; did you mean "prefix"\? /),
    expect.stringMatching(
      /^DnsRecords "dns": machines: must be a list of machines, .* \(got one machine; write \[machine\]\) /,
    ),
    expect.stringMatching(/^FloatingIp "mail": color: is not an argument; allowed are deleteProtection, dnsPtr, /),
    expect.stringMatching(/^FloatingIp "web": dnsptr: is not an argument; did you mean "dnsPtr"\? /),
    expect.stringMatching(/^FloatingIp "web": type: must be "ipv4" or "ipv6" \(got "ipv5"\) /),
    expect.stringMatching(/^NspawnHost "away": ssh\.pivateKey: is not an argument; did you mean "privateKey"\? /),
    expect.stringMatching(/^NspawnHost "lab": ssh\.proxy\.usr: is not an argument; did you mean "user"\? /),
    expect.stringMatching(/^NspawnHost "lab": sysctl: is not an argument; did you mean "sysctls"\? /),
    expect.stringMatching(/^NspawnHost "lab": uplink: must be .*\(got "eth 0"\) /),
    expect.stringMatching(/^NspawnMachine "a": imge: is not an argument; did you mean "image"\? /),
    expect.stringMatching(/^NspawnMachine "a": limits\.memorymax: is not an argument; did you mean "memoryMax"\? /),
    expect.stringMatching(
      /^NspawnMachine "a": networks\[0\]\.adresses: is not an argument; did you mean "addresses"\? /,
    ),
    expect.stringMatching(/^NspawnMachine "c": networks\[0\]\.ports\[0\]\.machine: .*\(got "eighty"\) /),
    expect.stringMatching(/^NspawnMachine "c": owner: is not an argument; allowed are adopt, /),
    expect.stringMatching(/^NspawnMachine "d": networks\[0\]\.ports\[1\]\.host: 81\/tcp is listed already /),
    expect.stringMatching(/^NspawnMachine "e": networks\[0\]\.addresses: must be a list /),
    expect.stringMatching(/^NspawnMachine "e": networks\[0\]\.subnets: must be a list /),
    expect.stringMatching(/^port 8080\/tcp of \S+ is used twice: by NspawnMachine "b" and by NspawnMachine "c"\. /),
  ]);
  expect(output).not.toMatch(/<nil>|canary|\.js:|serializing/);
});

test("what is asked of a network that it does not have is told beside all else, of each", async () => {
  const { code, output } = await preview(`${host("")}
    const far = new nspawn.NspawnHost("far", { ssh: { host: "203.0.113.8", hostKey: "${publicKey}" }, ipv6Network: "2001:db8:2::/64" });
    for (const length of [64, 80.5, "80", undefined]) br0.subnetFor("c", length);
    br0.subnetFor("", 80); br0.ipv6For(""); br0.ipv4For("web");
    nspawn.NspawnHost.reference("other", { nspawnHost: 2 });
    new nspawn.BridgeNetwork("back", { host: far, bridge: "back", mode: "isolated", vxlan: { id: 7, underlay: "10.0.0.2", peers: [host] } });
    new nspawn.NspawnMachine("mail", { ...usual, onDelete: "burn" });`);
  expect(code).not.toBe(0);
  const told = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  const length = (got: string): unknown =>
    expect.stringMatching(
      new RegExp(`^the subnet for "c": a subnet of 2001:db8:1::/64 has a prefix length from 65 to 124, not ${got}: `),
    );
  expect(told.map((line) => line.trim().replace(/^error: /, "")).sort()).toEqual([
    expect.stringMatching(
      /^BridgeNetwork "br0": no IPv4 network of the bridge's own to take an address for "web" from/,
    ),
    expect.stringMatching(/^NspawnHost\.reference "other": .*\(got format 2; this version knows 1\)/),
    expect.stringMatching(/^NspawnMachine "mail": onDelete: .*\(got "burn"\) /),
    expect.stringMatching(/^the address for "": an address by name needs a name that is not empty/),
    expect.stringMatching(/^the subnet for "": a subnet by name needs a name that is not empty/),
    ...['"80"', "64", "80\\.5", "nothing"].map(length),
    expect.stringMatching(/^the tunnel of far: vxlan\.peers\[0\] must be the address of that host on the network of /),
  ]);
  expect(output).not.toMatch(/<nil>|\.js:|serializing/);
});

test.each([
  [
    "a host",
    "new nspawn.NspawnHost('home', {});",
    /^NspawnHost "home": a host needs `server` or `ssh\.host`; got neither /,
  ],
  [
    "a machine",
    `${host("")} new nspawn.NspawnMachine("a", { ...usual, networks: {} });`,
    /^NspawnMachine "a": networks: must be a list /,
  ],
  ["no bridges", `${host("")} nspawn.bridgeNetworks(host, []);`, /^bridgeNetworks: names: must be a list /],
  [
    "several bridges",
    `${host("")} nspawn.bridgeNetworks(host, ["a"], { each: { b: {} } });`,
    /^bridgeNetworks: each: "b" is none of /,
  ],
  [
    "a floating address",
    `${host("")} new nspawn.FloatingIp("f", { type: "ipv4", host });`,
    /^FloatingIp "f": a floating address needs `homeLocation`/,
  ],
  [
    "a tunnel",
    `${host("")} new nspawn.BridgeNetwork("t", { host, bridge: "t", mode: "isolated", vxlan: { id: 1, peers: [host] } });`,
    /^the tunnel of home: vxlan\.peers\[0\] is this host itself/,
  ],
])("what can't be used at all ends the program with one line: %s", async (_, program, told) => {
  const { code, output } = await preview(program);
  expect(code).not.toBe(0);
  const lines = output.split("\n").filter((line) => line.includes("[NSPAWN_INVALID_INPUT]") && !line.startsWith(" +"));
  expect(lines.map((line) => line.trim().replace(/^error: /, ""))).toEqual([expect.stringMatching(told)]);
  expect(output).not.toMatch(/unhandled exception|\.js:|^ +at /m);
});

test("so is what the provider refuses of another resource", async () => {
  const { code, output } = await preview(host(', user: "a b", port: 0'));
  expect(code).not.toBe(0);
  expect(output).toMatch(/ssh\.user: must be a login name.*\(got "a b"\) \[NSPAWN_INVALID_INPUT\]/);
  expect(output).toMatch(/ssh\.port: must be an integer from 1 to 65535 \(got 0\) \[NSPAWN_INVALID_INPUT\]/);
  expect(output).not.toMatch(/<nil>|connection\./);
});
