/** A machine as the attacks know it. */
export interface Station {
  ip4: string;
  ip6: string;
  /** Link-local address. */
  ll6: string;
  mac: string;
  /** Its own name of its interface. */
  inside: string;
  /** Its interface on the host. */
  port: string;
  /** Where the host has its neighbour: the bridge, or the machine's own cable. */
  link: string;
  /** Of a machine with a subnet: its own address there, somebody's behind it, and the first one past it. */
  net6?: string;
  behind6?: string;
  past6?: string;
}

/** All names that trials use. */
export interface World {
  A: Station;
  B: Station;
  C?: Station;
  D?: Station;
  E?: Station;
  HOST: {
    /** Its address for machines; where it translates that of the bridge. */
    ip4: string;
    /** Its address outside. */
    out4: string;
    ip6: string;
    ll6: string;
    mac: string;
    /** What A is attached to: the bridge, or its own cable. */
    bridge: string;
    uplink: string;
    /** Where the sniffer counts what came from A and was let in. */
    sight: string;
  };
  /** The host's own macvlan, with its MAC address and that of what macvlans are on. */
  MACVLAN?: { link: string; mac: string; lower: string };
  /** The second host of a network of two. */
  PEER?: { ip4: string };
  /** What machines send through. */
  GW: { ip4: string; ll6: string; mac: string };
  ROUTER: { ip4: string; link: string };
  CLIENT: { ip4: string; ip6: string };
  /** Addresses that belong to nobody: outside, in the host's own network, and one that the LAN's DHCP server gives to who asks. */
  NOBODY: { ip4: string; ip6: string; ll6: string; near6: string; lease4: string; mac: string };
}

type Names = Record<string, string | Record<string, string>>;

/** Puts the world's values where a script has their names. */
export function filled(script: string, world: World, mark: string): string {
  const names = { ...world, MARK: mark, MARKHEX: Buffer.from(mark).toString("hex") } as unknown as Names;
  return script.replace(/\{([A-Z]+)(?:\.([a-z0-9]+))?\}/g, (text, name: string, key: string | undefined) => {
    const value = names[name];
    const found = key === undefined ? value : typeof value === "object" ? value[key] : undefined;
    if (typeof found !== "string") throw new Error(`nothing is called ${text} in: ${script}`);
    return found;
  });
}
