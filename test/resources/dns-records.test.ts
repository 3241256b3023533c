import type * as Nspawn from "../../provider";
import { runProgram, valueOf, type Modules, type Registered } from "./run-program";

jest.setTimeout(60_000);

const RRSET = "hcloud:index/zoneRrset:ZoneRrset";
const RDNS = "hcloud:index/rdns:Rdns";
const server = { serverType: "cx23", image: "debian-13", location: "fsn1" };

interface Scene extends Modules {
  host: Nspawn.NspawnHost;
  br0: Nspawn.BridgeNetwork;
  machine: (name: string, addresses: Nspawn.MachineNetwork["addresses"], more?: object) => Nspawn.NspawnMachine;
}

/** A program on one server with a bridge. */
function onServer(program: (scene: Scene) => unknown, options: { preview?: boolean } = {}): Promise<Registered[]> {
  return runProgram(async (modules) => {
    const { nspawn } = modules;
    const host = new nspawn.NspawnHost("one", { server });
    const br0 = new nspawn.BridgeNetwork("br0", { host });
    const image = nspawn.image.debootstrap({ suite: "trixie" });
    const machine: Scene["machine"] = (name, addresses, more) =>
      new nspawn.NspawnMachine(name, { host, image, networks: [{ network: br0, addresses }], ...more });
    await program({ ...modules, host, br0, machine });
  }, options);
}

/** In the order of names: that of registrations is the engine's. */
const sorted = (registered: Registered[], type: string) =>
  registered.filter((each) => each.type === type).sort((a, b) => (a.name < b.name ? -1 : 1));

/** Name, and what it stands for. */
const rrsets = (registered: Registered[]) =>
  sorted(registered, RRSET).map(({ name, inputs: { zone, name: own, type, ttl, records } }) => [
    name,
    [own, zone, type, ttl, records.map(({ value }: { value: string }) => value)],
  ]);
const reverseNames = (registered: Registered[]) =>
  sorted(registered, RDNS).map(({ name, inputs }) => [name, inputs.ipAddress, inputs.dnsPtr]);

/** The text of a zone file, or what is wrong with it. */
function textOrError(nspawn: typeof Nspawn, args: Nspawn.DnsRecordsArgs): Promise<string> {
  try {
    return valueOf(new nspawn.DnsRecords("dns", args).zoneFile);
  } catch (error) {
    return Promise.resolve((error as Error).message);
  }
}

test("a name has an RRset for each family, and its addresses lead back to it", async () => {
  const texts: Promise<string>[] = [];
  const registered = await onServer(({ nspawn, hcloud, host, br0, machine }) => {
    const zone = new hcloud.Zone("example", { name: "example.org", mode: "primary" });
    const ip = new nspawn.FloatingIp("web4", { type: "ipv4", host });
    const network = new nspawn.FloatingIp("net6", { type: "ipv6", host });
    const web = machine("web", [ip, network.addressFor("web"), network.addressFor("::5")]);
    const db = machine("db", [br0.ipv6For("db")], { hostname: "db.example.org" });
    const dns = new nspawn.DnsRecords("dns", { zone, machines: [web, db], ttl: 300 });
    texts.push(valueOf(dns.zoneFile), valueOf(dns.reverseZoneFile), valueOf(dns.domain));
  });
  const [web6, db6] = ["2001:db8:f:0:dea4:9f66:175:be9b", "2001:db8:1:0:3b37:a5d6:3586:3109"];
  expect(rrsets(registered)).toEqual([
    ["dns-db.example.org-AAAA", ["db", "example.org", "AAAA", 300, [db6]]],
    ["dns-web-A", ["web", "example.org", "A", 300, ["198.51.100.7"]]],
    ["dns-web-AAAA", ["web", "example.org", "AAAA", 300, [web6, "2001:db8:f::5"]]],
  ]);
  expect(reverseNames(registered)).toEqual([
    ["dns-br0-db", db6, "db.example.org"],
    ["dns-net6-at-5", "2001:db8:f::5", "web.example.org"],
    ["dns-net6-web", web6, "web.example.org"],
    ["dns-web4", "198.51.100.7", "web.example.org"],
  ]);
  const [zoneFile, reverse, domain] = await Promise.all(texts);
  expect(zoneFile).toBe(
    `web\t300\tIN\tA\t198.51.100.7\nweb\t300\tIN\tAAAA\t${web6}\nweb\t300\tIN\tAAAA\t2001:db8:f::5\ndb\t300\tIN\tAAAA\t${db6}\n`,
  );
  expect(reverse!.split("\n").map((line) => line.split("\t")[4])).toEqual([
    ...["web.example.org.", "web.example.org.", "web.example.org.", "db.example.org.", undefined],
  ]);
  expect(domain).toBe("example.org");
});

test("a preview of a server that does not exist yet shows every record", async () => {
  const registered = await onServer(
    ({ nspawn, host, br0, machine }) => {
      const ip = new nspawn.FloatingIp("web4", { type: "ipv4", host });
      const web = machine("web", [ip, br0.ipv6For("web")]);
      new nspawn.DnsRecords("dns", { zone: "example.org", machines: { www: web } });
    },
    { preview: true },
  );
  expect(sorted(registered, RRSET).map(({ name, inputs }) => [name, inputs.name, inputs.type])).toEqual([
    ["dns-www-A", "www", "A"],
    ["dns-www-AAAA", "www", "AAAA"],
  ]);
  expect(sorted(registered, RDNS).map(({ name }) => name)).toEqual(["dns-br0-web", "dns-web4"]);
});

test("one machine more changes nothing of the others", async () => {
  const program = (count: number) =>
    onServer(({ nspawn, br0, machine }) => {
      const machines = ["c", "a", "b"].slice(0, count).map((name) => machine(name, [br0.ipv6For(name)]));
      new nspawn.DnsRecords("dns", { zone: "example.org", machines: machines.reverse() });
    });
  const [two, three] = [await program(2), await program(3)];
  for (const list of [rrsets, reverseNames]) expect(list(three)).toEqual(expect.arrayContaining(list(two)));
  expect(rrsets(three)).toHaveLength(3);
});

test("without a zone at Hetzner there is text alone, and reverse names where Hetzner has them", async () => {
  const texts: Promise<string>[] = [];
  const registered = await onServer(({ nspawn, host, machine }) => {
    const own = new nspawn.FloatingIp("own", { type: "ipv4", host, dnsPtr: "mail.example.net" });
    const web = machine("web", [own, "2001:db8:77::5"]);
    const dns = new nspawn.DnsRecords("dns", { domain: "example.org", machines: { web, www: web } });
    texts.push(valueOf(dns.zoneFile), valueOf(dns.reverseZoneFile));
  });
  expect(registered.filter(({ type }) => type === RRSET)).toEqual([]);
  expect(reverseNames(registered)).toEqual([["own", "198.51.100.7", "mail.example.net"]]);
  expect(await Promise.all(texts)).toEqual([
    "web\tIN\tA\t198.51.100.7\nweb\tIN\tAAAA\t2001:db8:77::5\nwww\tIN\tA\t198.51.100.7\nwww\tIN\tAAAA\t2001:db8:77::5\n",
    "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.7.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\tIN\tPTR\tweb.example.org.\n",
  ]);
});

test("an address that machines on two hosts share leads back to the first of them", async () => {
  const registered = await onServer(({ nspawn, host, br0 }) => {
    const other = new nspawn.NspawnHost("two", { server });
    const second = new nspawn.BridgeNetwork("br0-two", { host: other });
    const ip = new nspawn.FloatingIp("web4", { type: "ipv4", host, standby: [other], failover: "external" });
    const image = nspawn.image.debootstrap({ suite: "trixie" });
    const [a, b] = [br0, second].map(
      (network, index) =>
        new nspawn.NspawnMachine(`web-${index}`, {
          ...{ host: network.host, image },
          networks: [{ network, addresses: [ip] }],
        }),
    );
    new nspawn.DnsRecords("dns", { zone: "example.org", machines: { a: a!, b: b! } });
  });
  expect(reverseNames(registered)).toEqual([["dns-web4", "198.51.100.7", "a.example.org"]]);
  expect(rrsets(registered)).toHaveLength(2);
});

test("reverse: false leaves reverse names to others", async () => {
  const registered = await onServer(({ nspawn, br0, machine }) => {
    const web = machine("web", [br0.ipv6For("web")]);
    new nspawn.DnsRecords("dns", { zone: "example.org", machines: [web], reverse: false });
  });
  expect(reverseNames(registered)).toEqual([]);
});

describe("addresses that only their network knows", () => {
  const program = async (withPrivate: boolean | undefined, addresses: string[]) => {
    let text: Promise<string> | undefined;
    await onServer(({ nspawn, host, br0 }) => {
      const nat0 = new nspawn.BridgeNetwork("nat0", { host, bridge: "nat0", mode: "nat" });
      const back = new nspawn.BridgeNetwork("back", { host, bridge: "back", mode: "isolated" });
      const inner = [{ network: nat0 }, { network: back, addresses: [back.ipv6For("web")] }];
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      const web = new nspawn.NspawnMachine("web", { host, image, networks: [{ network: br0, addresses }, ...inner] });
      text = textOrError(nspawn, { domain: "example.org", machines: [web], private: withPrivate });
    });
    return text;
  };

  test("are left out unless asked for", async () => {
    expect(await program(undefined, ["198.51.100.20", "10.9.9.9", "fd00::7"])).toBe("web\tIN\tA\t198.51.100.20\n");
    const all = await program(true, ["198.51.100.20", "10.9.9.9"]);
    expect(all!.split("\n").map((line) => line.split("\t")[3])).toEqual([
      "198.51.100.20",
      "10.9.9.9",
      expect.stringMatching(/^10\.\d+\.\d+\.\d+$/),
      expect.stringMatching(/^fd[0-9a-f]{2}:/),
      undefined,
    ]);
  });

  test("are not enough for a name", async () => {
    expect(await program(undefined, ["10.9.9.9"])).toMatch(
      /^DnsRecords "dns": machines\[0\]: the machine has private addresses only; write them with `private: true`/,
    );
  });
});

test("a machine without an address is refused", async () => {
  let error: Promise<string> | undefined;
  await onServer(({ nspawn, machine }) => {
    error = textOrError(nspawn, { domain: "example.org", machines: { "a-1": machine("web", []) } });
  });
  expect(await error).toMatch(/machines\["a-1"\]: the machine has no address; give it one, or leave it out/);
});

test("an address whose family takes its value to know has its record when it is known", async () => {
  const registered = await onServer(({ nspawn, pulumi, machine }) => {
    const web = machine("web", [pulumi.output("198.51.100.30"), pulumi.output("10.1.2.3")]);
    new nspawn.DnsRecords("dns", { zone: "example.org", machines: [web] });
  });
  expect(rrsets(registered)).toEqual([["dns-web-A", ["web", "example.org", "A", undefined, ["198.51.100.30"]]]]);
});

test("a machine on a LAN has its record when the LAN has given it an address", async () => {
  let text: Promise<string> | undefined;
  await runProgram(
    ({ nspawn }) => {
      const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
      const network = new nspawn.BridgeNetwork("br0", { host, mode: "transparent" });
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      const web = new nspawn.NspawnMachine("web", { host, image, networks: [{ network }] });
      text = textOrError(nspawn, { domain: "example.org", machines: [web], ttl: 60 });
    },
    {
      place: {
        project: "shop",
        stack: "test",
        known: (type) =>
          type === "pulumi-nodejs:dynamic/nspawn:NspawnMachine"
            ? { id: "web", state: { ipv4: "192.168.7.5", ipv6: "2001:db8:2::7" } }
            : undefined,
      },
    },
  );
  expect(await text).toBe("web\t60\tIN\tAAAA\t2001:db8:2::7\n");
});
