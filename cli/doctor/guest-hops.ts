import type { Family } from "../../provider/observe/path/dropping-chains";
import type { Answer, Routed } from "../../provider/observe/path/path-facts";
import type { MachineAddress, MachineNetwork } from "../stack/machines";
import type { Found } from "./found";
import { firstInterface } from "../../provider/model/plugged";
import { isRouted } from "../stack/modes";
import { hop, type Hop } from "./hop";

/** A machine on one of its networks. */
export interface Plugged {
  machine: string;
  network: MachineNetwork;
}

/** The first network is spoken of as the machine's, others by their interface. */
export const subjectOf = (text: string, { network }: Plugged): string =>
  network.inside === firstInterface ? text : `${text} by ${network.inside}`;

export function guestAddressHop({ address, assignment }: MachineAddress, on: Plugged, { path }: Found): Hop {
  const { machine, network } = on;
  const found = path.inside.get(machine);
  if (found === undefined) return dark("guest address", address);
  const { inside } = network;
  const addresses = found.addresses.get(inside);
  const has = addresses?.some((one) => one.startsWith(`${address}/`)) === true;
  const seen =
    addresses === undefined ? `the machine has no ${inside}` : `${inside} has ${addresses.join(", ") || "no address"}`;
  const again =
    assignment === "leased"
      ? "the LAN may have given another one: `pulumi refresh` brings the state up to date"
      : "a restart of the machine reads its network file again";
  return hop(
    "guest address",
    address,
    has,
    seen,
    `machinectl shell ${machine} /usr/bin/networkctl status ${inside}; ${again}`,
  );
}

/**
 * Where the machine sends what goes out by this network: from any address, or, where the default route is another network's,
 * from its address here.
 */
function wayOf({ machine, network }: Plugged, family: Family, { path }: Found): Routed | undefined {
  const found = path.inside.get(machine)?.networks.get(network.inside);
  const out = found?.out[family];
  const isDefault = out?.route?.dev === network.inside || network.inside === firstInterface;
  return isDefault ? out : (found?.from[family] ?? out);
}

/** The way back: by the host, with the machine's own address as the source, which shows that nothing translates. S1.46. */
export function guestRouteHop(on: Plugged, family: Family, found: Found): Hop {
  const out = wayOf(on, family, found);
  const subject = subjectOf(family, on);
  if (out === undefined) return dark("guest route", subject);
  const { inside } = on.network;
  const { gateway, own } = wayOut(on, family);
  const { route } = out;
  if (route === undefined) return noDefault(on, subject, out.said);
  // Of a route that was asked for from an address, that address is not said again.
  const { gateway: via = "nobody", dev = "nothing", prefsrc = own[0] ?? "nothing" } = route;
  const wanted = gateway ?? route.gateway;
  const ok = [dev === inside, via === wanted, own.includes(prefsrc)].every(Boolean);
  const advice = `it has to be via ${gateway ?? lansRouter} dev ${inside} src ${own.join(" or ")}: restart the machine, and see its networkctl status ${inside}`;
  return hop("guest route", subject, ok, `via ${via} dev ${dev} src ${prefsrc}`, advice);
}

const lansRouter = "the LAN's router";

function noDefault({ machine, network }: Plugged, subject: string, said: string): Hop {
  const seen = said === "" ? "no way out" : said.split("\n")[0]!;
  const advice = `the machine has no default route, or a rule of its own against it (ip rule), and programs in it say "Network is unreachable": restart it, and see machinectl shell ${machine} /usr/bin/networkctl status ${network.inside}`;
  return hop("guest route", subject, false, seen, advice);
}

/** A firewall that the machine's own root made: to blame only when pings get lost and it can drop something. */
export function guestFirewallHop(on: Plugged, family: Family, found: Found): Hop {
  const { machine: name } = on;
  const subject = subjectOf(family, on);
  const inside = found.path.inside.get(name);
  if (inside === undefined) return dark("guest firewall", subject);
  const able = inside.firewall.filter(({ families }) => families.includes(family)).map(({ where }) => where);
  const lost = lostPings(on, family, found);
  const which = able.join("; ");
  const seen = able.length === 0 ? "drops nothing" : lost === "" ? `lets pings pass; ${which}` : `${lost}: ${which}`;
  const advice = `the machine's own root made it, in it: machinectl shell ${name} /usr/sbin/nft list ruleset; all before it is in order`;
  return hop("guest firewall", subject, able.length === 0 || lost === "", seen, advice);
}

function lostPings(on: Plugged, family: Family, { path }: Found): string {
  const ping = path.inside.get(on.machine)?.networks.get(on.network.inside)?.gateway[family];
  const out = ping?.code === 1 ? ["no answer of the gateway comes in"] : [];
  const asked = wayOut(on, family).own.filter((address) => path.pings.get(address)?.code === 1);
  return [...out, ...asked.map((address) => `a ping to ${address} is not answered`)].join(", ");
}

const hasNoPing = ({ code, text }: Answer): boolean => code === 127 || /No such file|not found/.test(text);

const noPing = (name: string, subject: string): Hop =>
  hop(name, subject, null, "the host has no ping", "apt install iputils-ping on the host");

const routerOf = (on: Plugged, family: Family, found: Found): string =>
  wayOf(on, family, found)?.route?.gateway ?? lansRouter;

export function guestGatewayHop(on: Plugged, family: Family, found: Found): Hop {
  const ours = wayOut(on, family).gateway;
  const gateway = subjectOf(ours ?? routerOf(on, family, found), on);
  const ping = found.path.inside.get(on.machine)?.networks.get(on.network.inside)?.gateway[family];
  if (ping === undefined) return dark("guest gateway", gateway);
  if (hasNoPing(ping)) return noPing("guest gateway", gateway);
  if (ping.code === 0) return hop("guest gateway", gateway, true, "answers a ping", "");
  const advice =
    "what the machine sends ends in silence, and no hop before it says why: tcpdump -ni any icmp or icmp6 on the host shows where";
  // A LAN's router may keep silent; the host does not.
  return hop("guest gateway", gateway, ours === undefined ? null : false, "does not answer a ping", advice);
}

/** From the host to the machine and back. */
export function guestAnswerHop({ address, family }: MachineAddress, { machine: name }: Plugged, { path }: Found): Hop {
  const ping = path.pings.get(address);
  const inside = path.inside.get(name);
  if (ping === undefined || inside === undefined) return dark("guest answer", address);
  if (hasNoPing(ping)) return noPing("guest answer", address);
  if (ping.code === 0) return hop("guest answer", address, true, "answers a ping of the host", "");
  const seen = "does not answer a ping of the host";
  if (inside.silent[family]) {
    const key = family === "ipv4" ? "net.ipv4.icmp_echo_ignore_all" : "net.ipv6.icmp.echo_ignore_all";
    return hop("guest answer", address, null, `${seen}: its own ${key} is 1`, "it answers no ping at all");
  }
  return hop(
    "guest answer",
    address,
    false,
    seen,
    "tcpdump -ni any icmp or icmp6 on the host shows where the ping ends",
  );
}

/** Undefined gateway: the LAN's router, whoever that is. */
function wayOut({ network }: Plugged, family: Family): { gateway?: string; own: string[] } {
  const own = network.addresses.filter((one) => one.family === family).map(({ address }) => address);
  if (!isRouted(network)) return { own };
  return { gateway: family === "ipv4" ? (network.gateway4 ?? "the host") : "fe80::1", own };
}

function dark(name: string, subject: string): Hop {
  return hop(name, subject, null, "not looked at: the machine does not run", "see the hop machine");
}
