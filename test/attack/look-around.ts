import { addresses } from "../../lab/network/addresses";
import { lan } from "../../lab/network/lan";
import { linkName } from "../../lab/network/uplink";
import type { FaultHost } from "../faults/host";
import type { Mode } from "./mode";
import type { Relay } from "./relay";
import type { Station, World } from "./world";

interface Link {
  address: string;
  addr_info: { family: string; local: string; scope: string }[];
}

async function link(relay: Relay, at: string, name: string): Promise<Link> {
  const [found] = JSON.parse(await relay.must(at, `ip -j addr show dev ${name}`)) as Link[];
  if (found === undefined) throw new Error(`${at} has no ${name}`);
  return found;
}

const find = ({ addr_info }: Link, family: string, scope: string): string =>
  addr_info.find((each) => each.family === family && each.scope === scope)?.local ?? "";

const bridge = "br0";

/**
 * What the machines and the host have, as they say themselves.
 *
 * @param cables whether each machine has one of its own
 */
export async function lookAround(
  relay: Relay,
  host: FaultHost,
  mode: Mode,
  names: readonly string[],
  cables: boolean,
): Promise<World> {
  const station = async (name: string): Promise<Station> => {
    const found = await link(relay, name, "host0");
    const ip4 = find(found, "inet", "global");
    const ip6 = find(found, "inet6", "global");
    const port = `${cables ? "ve" : "vb"}-${name}`;
    const ll6 = find(found, "inet6", "link");
    return { ip4, ip6, ll6, mac: found.address, port, link: cables ? port : bridge };
  };
  const stations = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name.toUpperCase(), await station(name)] as const)),
  ) as Pick<World, "A" | "B" | "C" | "D">;
  const near = host.ipv6.replace("::/64", "");
  const gate = cables ? "ve-a" : bridge;
  const onBridge = await link(relay, "host", gate);
  const gate4 = mode.lan ? host.ipv4 : find(onBridge, "inet", "global") || host.ipv4;
  const ll6 = mode.lan ? find(onBridge, "inet6", "link") : "fe80::1";
  const ip6 = mode.lan ? find(onBridge, "inet6", "global") : `${near}::1`;
  const uplink = { ip4: mode.lan ? lan.router4 : addresses.gateway4, link: mode.lan ? lan.bridge : linkName(host.id) };
  return {
    ...stations,
    HOST: {
      ...{ ip4: gate4, out4: host.ipv4, ip6, ll6, mac: onBridge.address, bridge: gate, uplink: "eth0" },
      sight: cables ? "filtered in" : `${bridge} in`,
    },
    GW: mode.lan ? await routerOf(host) : { ip4: gate4, ll6, mac: onBridge.address },
    ROUTER: uplink,
    CLIENT: { ip4: addresses.client4, ip6: addresses.client6 },
    NOBODY: {
      ...{ ip4: "198.51.100.251", ip6: "2001:db8:bad::66", ll6: "fe80::66:66" },
      ...{ near6: `${near}::6666:0`, lease4: "192.0.2.240", mac: "02:66:66:66:66:66" },
    },
  };
}

async function routerOf(host: FaultHost): Promise<World["GW"]> {
  const said = await host.lab.sh("router", `ip -j addr show dev ${lan.bridge}`);
  const [found] = JSON.parse(said) as [Link];
  return { ip4: lan.router4, ll6: find(found, "inet6", "link"), mac: found.address };
}
