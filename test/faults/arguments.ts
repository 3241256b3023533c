import type { Properties } from "../support/driver";
import { debian } from "../support/debian";

/** What the arguments need to know of a host. */
export interface Place {
  name: string;
  id: number;
  ipv4: string;
  /** `2001:db8:1:1::/64`. */
  ipv6: string;
  hostKey: string;
  /** Where SSH goes; to `ipv4` when absent. */
  reachedAt?: string;
}

/** The hosts of one lane; most changes need only the first. */
export interface Site {
  one: Place;
  two: Place;
}

function common(place: Place, kind: string, name: string): Properties {
  return {
    stateVersion: 1,
    owner: `faults/s/${kind}/${name}`,
    ownUrn: "",
    host: { id: `faults/s/host/${place.name}`, instance: String(place.id) },
    connection: { host: place.reachedAt ?? place.ipv4, port: 22, user: "root", hostKeys: [place.hostKey] },
    credentials: {},
    secretFiles: {},
    __provider: "test",
  };
}

export function hostArgs(place: Place, change: Properties = {}): Properties {
  // A file system of their own for machines is kinds of its own (storage-kinds.ts), and in the first preparation.
  const storage = { type: "directory" };
  return {
    ...{ ...common(place, "host", place.name), packages: [], sysctls: {}, resolved: true, adopt: false, storage },
    ...change,
  };
}

export function bridgeArgs(place: Place, change: Properties = {}): Properties {
  const own = { bridge: "br0", mode: "routed", isolation: "none", ipv4: place.ipv4, ipv6: place.ipv6, adopt: false };
  return { ...common(place, "bridge", "br0"), ...own, ...change };
}

/** Of the default for machines of several owners: ports shut off, and only what is theirs let through. */
export function protectedBridgeArgs(place: Place, change: Properties = {}): Properties {
  return bridgeArgs(place, { isolation: "tenant", ...change });
}

const lan4 = { network: "10.99.0.0/24", gateway: "10.99.0.1" };

/** Leases and translates. */
export function natBridgeArgs(place: Place, change: Properties = {}): Properties {
  return protectedBridgeArgs(place, { bridge: "nat0", mode: "nat", lan4, ...change });
}

/** For machines alone. */
export function isolatedBridgeArgs(place: Place, change: Properties = {}): Properties {
  const own = { bridge: "back", mode: "isolated", ipv4: undefined, ipv6: "fd12:3456:789a:1::/64" };
  return protectedBridgeArgs(place, { ...own, ...change });
}

/** The same with a tunnel to others. Nobody is there: a host answers for itself alone. */
export function vxlanBridgeArgs(place: Place, peers: string[], change: Properties = {}): Properties {
  const vxlan = { id: 5001, local: place.ipv4, peers };
  return isolatedBridgeArgs(place, { mtu: 1450, vxlan, ...change });
}

/** With a macvlan beside it, where nothing keeps machines apart. */
export function macvlanBridgeArgs(place: Place, change: Properties = {}): Properties {
  return isolatedBridgeArgs(place, { isolation: "none", macvlan: "mv-back", ...change });
}

/** The image's content is not looked at: {@link plantImage} puts a small tree in its place. */
export const image = {
  kind: "debootstrap" as const,
  suite: debian.suite,
  mirror: "http://deb.debian.org/debian",
  variant: "minbase",
  packages: [] as string[],
};

export function machineArgs(place: Place, addresses: Properties[], change: Properties = {}): Properties {
  const here = { bridge: "br0", host: `faults/s/host/${place.name}`, gateway4: place.ipv4, ipv6: place.ipv6 };
  return {
    ...common(place, "machine", "web"),
    name: "web",
    networks: [{ ...here, addresses }],
    image,
    ...{ hostname: "web", authorizedKeys: [], startAtBoot: false, running: false, ephemeral: false },
    ...{ privateUsers: "no", readyWhen: "running", onDelete: "delete", adopt: false },
    ...change,
  };
}

export function protectedMachineArgs(place: Place, change: Properties = {}): Properties {
  const plain = machineArgs(place, [ownAddress6(place)]);
  const networks = (plain.networks as Properties[]).map((network) => ({ ...network, isolation: "tenant" }));
  return { ...plain, networks, ...change };
}

/** The router of networks of its own. */
export function subnetMachineArgs(place: Place, lengths: number[], change: Properties = {}): Properties {
  const plain = protectedMachineArgs(place);
  const subnets = lengths.map((length) => ({ subnet: place.ipv6.replace("::/64", `:${length}::/${length}`) }));
  const networks = (plain.networks as Properties[]).map((network) => ({ ...network, subnets }));
  return { ...plain, networks, ...change };
}

/** On a network that the host translates, with a port of the host. */
export function natMachineArgs(place: Place, ports: Properties[], change: Properties = {}): Properties {
  const network = {
    ...{ bridge: "nat0", host: `faults/s/host/${place.name}`, mode: "nat", isolation: "tenant", lan4 },
    ...{
      gateway4: place.ipv4,
      ipv6: place.ipv6,
      addresses: [{ address: "10.99.0.7", proxied: true }, ownAddress6(place)],
      ports,
    },
  };
  return machineArgs(place, [], { networks: [network], ...change });
}

/** On one network, and on another one that only machines are on. */
export function onTwoNetworks(place: Place): Properties {
  const one = protectedMachineArgs(place);
  const back = {
    ...{ bridge: "back", host: `faults/s/host/${place.name}`, mode: "isolated", isolation: "tenant" },
    ...{ lan6: "fd12:3456:789a:1::/64", addresses: [{ address: "fd12:3456:789a:1::7", proxied: true }] },
  };
  return { ...one, networks: [...(one.networks as Properties[]), back] };
}

/** On the macvlan that is wired to a bridge. */
export function onMacvlan(place: Place): Properties {
  const back = {
    ...{ bridge: "back", host: `faults/s/host/${place.name}`, mode: "isolated", attach: "macvlan", macvlan: "mv-back" },
    ...{ lan6: "fd12:3456:789a:1::/64", addresses: [{ address: "fd12:3456:789a:1::7", proxied: true }] },
  };
  return machineArgs(place, [], { networks: [back] });
}

/** An address of the host's own network, which the machine is answered for itself. */
export const ownAddress6 = (place: Place): Properties => ({
  address: place.ipv6.replace("::/64", "::7"),
  host: `faults/s/host/${place.name}`,
  proxied: true,
});

export const routedAddress4 = (place: Place): Properties => ({
  address: "198.51.100.77",
  host: `faults/s/host/${place.name}`,
  proxied: false,
});

export function floatingArgs(place: Place): Properties {
  return { ...common(place, "floating-ip", "web"), type: "ipv4", address: "198.51.100.77", name: "web" };
}
