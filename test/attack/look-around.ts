import { addresses } from "../../lab/network/addresses";
import { lan } from "../../lab/network/lan";
import { linkName } from "../../lab/network/uplink";
import { macvlanOf, wiredNames } from "../../provider/model/wired";
import type { FaultHost } from "../faults/host";
import { behindOf, subnetOfMachine } from "./behind";
import { hasCables, machinesOf, routersOf, type Standing } from "./program";
import type { Station, World } from "./world";

interface Link {
  address: string;
  addr_info: { family: string; local: string; scope: string }[];
}

/** Output of a script that has to succeed, at a machine or on the host. */
type Ask = (at: string, script: string) => Promise<string>;

async function link(ask: Ask, at: string, name: string): Promise<Link> {
  const [found] = JSON.parse(await ask(at, `ip -j addr show dev ${name}`)) as Link[];
  if (found === undefined) throw new Error(`${at} has no ${name}`);
  return found;
}

const find = ({ addr_info }: Link, family: string, scope: string): string =>
  addr_info.find((each) => each.family === family && each.scope === scope)?.local ?? "";

const bridge = "br0";
const wired = wiredNames(macvlanOf(bridge));

/** What the machines and the host have, as they say themselves. */
export async function lookAround(ask: Ask, standing: Standing): Promise<World> {
  const { mode, servers } = standing;
  const host = servers[0]!.host;
  const entries = machinesOf(standing).map(
    async (name) => [name.toUpperCase(), await station(ask, standing, name)] as const,
  );
  const stations = Object.fromEntries(await Promise.all(entries)) as Pick<World, "A" | "B" | "C" | "D" | "E">;
  const near = host.ipv6.replace("::/64", "");
  const own = await hostOf(ask, standing);
  return {
    ...stations,
    HOST: own,
    ...(mode.inside === undefined ? {} : { MACVLAN: await macvlan(ask) }),
    ...(servers[1] === undefined ? {} : { PEER: { ip4: servers[1].host.ipv4 } }),
    GW: mode.lan ? await routerOf(host) : own,
    ROUTER: { ip4: mode.lan ? lan.router4 : addresses.gateway4, link: mode.lan ? lan.bridge : linkName(host.id) },
    CLIENT: { ip4: addresses.client4, ip6: addresses.client6 },
    NOBODY: {
      ...{ ip4: "198.51.100.251", ip6: "2001:db8:bad::66", ll6: "fe80::66:66" },
      ...{ near6: `${near}::6666:0`, lease4: "192.0.2.240", mac: "02:66:66:66:66:66" },
    },
  };
}

/** The host on what A is attached to. */
async function hostOf(ask: Ask, standing: Standing): Promise<World["HOST"]> {
  const [{ ipv4, ipv6 }, cables] = [standing.servers[0]!.host, hasCables(standing)];
  const gate = cables ? "ve-a" : bridge;
  const onBridge = await link(ask, "host", gate);
  const [ip4, ll6, ip6] = standing.mode.lan
    ? [ipv4, find(onBridge, "inet6", "link"), find(onBridge, "inet6", "global")]
    : [find(onBridge, "inet", "global") || ipv4, "fe80::1", ipv6.replace("::/64", "::1")];
  const sight = cables ? "filtered in" : `${bridge} in`;
  return { ip4, out4: ipv4, ip6, ll6, mac: onBridge.address, bridge: gate, uplink: "eth0", sight };
}

async function station(ask: Ask, standing: Standing, name: string): Promise<Station> {
  const inside = standing.mode.inside?.(name) ?? "host0";
  const found = await link(ask, name, inside);
  const [ip4, ip6] = [find(found, "inet", "global"), find(found, "inet6", "global")];
  const cables = hasCables(standing);
  const port = `${cables ? "ve" : "vb"}-${name}`;
  const own = { ip4, ip6, ll6: find(found, "inet6", "link"), mac: found.address, inside };
  const behind = routersOf(standing).includes(name) ? behindOf((await ask(name, subnetOfMachine)).trim()) : {};
  return { ...own, port, link: cables ? port : bridge, ...behind };
}

async function macvlan(ask: Ask): Promise<World["MACVLAN"]> {
  const [own, lower] = await Promise.all([wired.macvlan, wired.lower].map((name) => link(ask, "host", name)));
  return { link: wired.macvlan, mac: own!.address, lower: lower!.address };
}

async function routerOf(host: FaultHost): Promise<World["GW"]> {
  const said = await host.lab.sh("router", `ip -j addr show dev ${lan.bridge}`);
  const [found] = JSON.parse(said) as [Link];
  return { ip4: lan.router4, ll6: find(found, "inet6", "link"), mac: found.address };
}
