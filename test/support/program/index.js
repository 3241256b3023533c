// The program of the end-to-end tests: it declares what NSPAWN_TEST_SPEC (a JSON file, see ../spec.ts) says.
const { readFileSync } = require("node:fs");
const hcloud = require("@pulumi/hcloud");
const pulumi = require("@pulumi/pulumi");
const nspawn = require("pulumi-nspawn");

const spec = JSON.parse(readFileSync(process.env.NSPAWN_TEST_SPEC, "utf8"));
const publicKey = readFileSync(process.env.NSPAWN_PUBLIC_KEY_FILE, "utf8").trim();
const key = spec.sshKey === false ? undefined : new hcloud.SshKey("operator", { publicKey });

const { release } = spec;

// Pulumi's own options of a component.
const parent = spec.inside && new pulumi.ComponentResource("test:index:Inside", spec.inside);
const optionsOf = (name) => {
  const before = spec.aliases?.[name];
  const moved = parent && { parent: pulumi.rootStackResource };
  const aliases = before || moved ? [{ ...(before && { name: before }), ...moved }] : undefined;
  return { ...spec.options, parent, aliases };
};

const byName = (entries, make) =>
  Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, make(name, value)]));
const secret = (value) => (value === undefined || spec.plainSecrets ? value : pulumi.secret(value));

/** Both secrets of a connection, and of its jump host's, as secrets. */
const sshOf = ({ privateKeyFile, keyPath, privateKeyPassword, proxy, ...open }) => ({
  ...open,
  privateKeyFile: keyPath,
  privateKey: privateKeyFile && secret(readFileSync(privateKeyFile, "utf8")),
  privateKeyPassword: secret(privateKeyPassword),
  proxy: proxy && sshOf(proxy),
});

const hosts = byName(spec.hosts, (name, { server, given, ssh, reference, ...rest }) => {
  if (reference) {
    const exported = new pulumi.StackReference(reference).requireOutput("exported");
    return nspawn.NspawnHost.reference(
      name,
      exported.apply((all) => all[name]),
    );
  }
  return new nspawn.NspawnHost(
    name,
    {
      ...rest,
      server: given
        ? hcloud.Server.get(name, String(given))
        : server && {
            name,
            serverType: "cx23",
            image: release.image,
            location: "fsn1",
            sshKeys: key && [key.name],
            ...server,
          },
      ssh: ssh && sshOf(ssh),
    },
    optionsOf(name),
  );
});
const ips = byName(spec.ips, (name, { host, standby, ...rest }) => {
  return new nspawn.FloatingIp(
    name,
    { host: hosts[host], standby: standby?.map((other) => hosts[other]), ...rest },
    optionsOf(name),
  );
});

/** Places of servers in the private network, by the names of their hosts; after the addresses, for which servers are locked. */
const placesIn = ({ ipRange, subnet: range, hosts: own }) => {
  const networkId = new hcloud.Network("privately", { ipRange }).id.apply(Number);
  const args = { networkId, ipRange: range, type: "cloud", networkZone: "eu-central" };
  const subnetId = new hcloud.NetworkSubnet("privately", args).id;
  return byName(own, (name, ip) => {
    const place = { serverId: hosts[name].server.id.apply(Number), subnetId, ip };
    return new hcloud.ServerNetwork(name, place, { dependsOn: Object.values(ips) });
  });
};
const places = spec.privately ? placesIn(spec.privately) : {};

const bridges = {
  ...byName(spec.bridges, (name, { host, vxlan, private: privately, ...rest }) => {
    const tunnel = vxlan && { vxlan: { ...vxlan, peers: vxlan.peers.map((peer) => hosts[peer] ?? peer) } };
    const place = privately && { privateNetwork: places[host] };
    return new nspawn.BridgeNetwork(name, { host: hosts[host], ...tunnel, ...place, ...rest }, optionsOf(name));
  }),
  ...(spec.several && nspawn.bridgeNetworks(hosts[spec.several.host], spec.several.names, spec.several.args)),
};

const addressOf = (bridge, address) => {
  if (address.ip) return address.name ? ips[address.ip].addressFor(address.name) : ips[address.ip];
  if (address.ipv4For) return bridges[bridge].ipv4For(address.ipv4For);
  return address.ipv6For ? bridges[bridge].ipv6For(address.ipv6For) : address.literal;
};
const subnetOf = (bridge, { ip, name, length, literal }) => {
  if (literal) return literal;
  return ip ? ips[ip].subnet(name, length) : bridges[bridge].subnetFor(name, length);
};
const networkOf = ({ bridge, addresses, subnets, ...rest }) => ({
  network: bridges[bridge],
  subnets: subnets?.map((subnet) => subnetOf(bridge, subnet)),
  addresses: addresses?.map((address) => addressOf(bridge, address)),
  ...rest,
});
/** An archive where the program runs, a published machine (of a MachineImage, or known by its words alone), or debootstrap's. */
const imageOf = ({ localPath, published, version, ...image } = {}) => {
  if (localPath) return nspawn.image.tarball({ localPath });
  if (version) return { kind: "published", name: published, version };
  return published ? images[published].image : nspawn.image.debootstrap({ suite: release.suite, ...image });
};
const isOf = (published) =>
  Object.fromEntries(
    Object.entries(spec.machines ?? {}).filter(([, { image }]) => (image?.published !== undefined) === published),
  );
const machineOf = (
  name,
  { host, bridge, addresses, subnets, ports, attach, also = [], rootPassword, image, login, ...rest },
) => {
  return new nspawn.NspawnMachine(
    name,
    {
      host: hosts[host],
      networks: [{ bridge, addresses, subnets, ports, attach }, ...also].map(networkOf),
      image: imageOf(image),
      rootPassword: secret(rootPassword),
      authorizedKeys: login === false ? undefined : [publicKey],
      ...rest,
    },
    optionsOf(name),
  );
};
const sources = byName(isOf(false), machineOf);
const images = byName(spec.images, (name, { host, machine, ...rest }) => {
  return new nspawn.MachineImage(name, { host: hosts[host], source: sources[machine], ...rest }, optionsOf(name));
});
const machines = { ...sources, ...byName(isOf(true), machineOf) };

/** Machines of the spec's own image, unless a fleet has another. */
const fleets = byName(spec.fleets, (name, { on, image, ...rest }) => {
  const place = ({ host, bridge, ...share }) => ({ host: hosts[host], network: bridges[bridge], ...share });
  const source = nspawn.image.debootstrap({ suite: release.suite, ...image });
  const template = { image: source, ...rest.template };
  return new nspawn.MachineFleet(name, { ...rest, on: on.map(place), template }, optionsOf(name));
});

const zones = byName(spec.zones, (name, rest) => new hcloud.Zone(name, { name, mode: "primary", ...rest }));
const dns = byName(spec.dns, (name, { zone, machines: named, ...rest }) => {
  const chosen = Array.isArray(named) ? named.map((one) => machines[one]) : byName(named, (_, one) => machines[one]);
  const args = { zone: zones[zone] ?? zone, machines: chosen, ...rest };
  return new nspawn.DnsRecords(name, args, optionsOf(name));
});

// What other stacks may refer to.
exports.exported = byName(spec.hosts, (name, { shared }) => (shared ? hosts[name].exported : undefined));
exports.hosts = byName(hosts, (_, host) => ({ ipv4: host.ipv4, ipv6Network: host.ipv6Network }));
exports.natted = byName(bridges, (_, bridge) => bridge.natted);
exports.machines = byName(machines, (_, machine) => ({
  ipv4: machine.ipv4,
  ipv6: machine.ipv6,
  subnets: machine.subnets.apply((all) => (all.length === 0 ? undefined : all)),
}));
exports.fleets = byName(fleets, (_, { addresses, byHost }) => ({ addresses, byHost }));
exports.reachability = byName(machines, (_, machine) => machine.reachability);
if (spec.dns) exports.zoneFiles = byName(dns, (_, { zoneFile, reverseZoneFile }) => ({ zoneFile, reverseZoneFile }));
