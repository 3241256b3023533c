import type { Family } from "../../provider/observe/path/dropping-chains";
import type { Answer, Routed } from "../../provider/observe/path/path-facts";
import type { Machine, MachineAddress } from "../stack/machines";
import type { Found } from "./found";
import { isRouted } from "../stack/modes";
import { hop, type Hop } from "./hop";

export function guestAddressHop({ address, assignment }: MachineAddress, machine: string, { path }: Found): Hop {
  const inside = path.inside.get(machine);
  if (inside === undefined) return dark("guest address", address);
  const { addresses } = inside;
  const has = addresses?.some((one) => one.startsWith(`${address}/`)) === true;
  const seen =
    addresses === undefined ? "the machine has no host0" : `host0 has ${addresses.join(", ") || "no address"}`;
  const again =
    assignment === "leased"
      ? "the LAN may have given another one: `pulumi refresh` brings the state up to date"
      : "a restart of the machine reads its network file again";
  return hop(
    "guest address",
    address,
    has,
    seen,
    `machinectl shell ${machine} /usr/bin/networkctl status host0; ${again}`,
  );
}

/** Where the machine sends what goes out. */
const wayOf = ({ name }: Machine, family: Family, { path }: Found): Routed | undefined =>
  path.inside.get(name)?.out[family];

/** The way back: by the host, with the machine's own address as the source, which shows that nothing translates. S1.46. */
export function guestRouteHop(machine: Machine, family: Family, found: Found): Hop {
  const out = wayOf(machine, family, found);
  if (out === undefined) return dark("guest route", family);
  const { gateway, own } = wayOut(machine, family);
  const { route } = out;
  if (route === undefined) return noDefault(family, out.said, machine.name);
  const { gateway: via = "nobody", dev = "nothing", prefsrc = "nothing" } = route;
  const ok = dev === "host0" && via === (gateway ?? route.gateway) && own.includes(prefsrc);
  const advice = `it has to be via ${gateway ?? "the LAN's router"} dev host0 src ${own.join(" or ")}: restart the machine, and see its networkctl status host0`;
  return hop("guest route", family, ok, `via ${via} dev ${dev} src ${prefsrc}`, advice);
}

function noDefault(family: string, said: string, machine: string): Hop {
  const seen = said === "" ? "no way out" : said.split("\n")[0]!;
  const advice = `the machine has no default route, or a rule of its own against it (ip rule), and programs in it say "Network is unreachable": restart it, and see machinectl shell ${machine} /usr/bin/networkctl status host0`;
  return hop("guest route", family, false, seen, advice);
}

/** A firewall that the machine's own root made: to blame only when pings get lost and it can drop something. */
export function guestFirewallHop(machine: Machine, family: Family, found: Found): Hop {
  const { name } = machine;
  const inside = found.path.inside.get(name);
  if (inside === undefined) return dark("guest firewall", family);
  const able = inside.firewall.filter(({ families }) => families.includes(family)).map(({ where }) => where);
  const lost = lostPings(machine, family, found);
  const which = able.join("; ");
  const seen = able.length === 0 ? "drops nothing" : lost === "" ? `lets pings pass; ${which}` : `${lost}: ${which}`;
  const advice = `the machine's own root made it, in it: machinectl shell ${name} /usr/sbin/nft list ruleset; all before it is in order`;
  return hop("guest firewall", family, able.length === 0 || lost === "", seen, advice);
}

function lostPings(machine: Machine, family: Family, { path }: Found): string {
  const out = path.inside.get(machine.name)?.gateway[family]?.code === 1 ? ["no answer of the gateway comes in"] : [];
  const asked = wayOut(machine, family).own.filter((address) => path.pings.get(address)?.code === 1);
  return [...out, ...asked.map((address) => `a ping to ${address} is not answered`)].join(", ");
}

const hasNoPing = ({ code, text }: Answer): boolean => code === 127 || /No such file|not found/.test(text);

const noPing = (name: string, subject: string): Hop =>
  hop(name, subject, null, "the host has no ping", "apt install iputils-ping on the host");

export function guestGatewayHop(machine: Machine, family: Family, found: Found): Hop {
  const ours = wayOut(machine, family).gateway;
  const gateway = ours ?? wayOf(machine, family, found)?.route?.gateway ?? "the LAN's router";
  const ping = found.path.inside.get(machine.name)?.gateway[family];
  if (ping === undefined) return dark("guest gateway", gateway);
  if (hasNoPing(ping)) return noPing("guest gateway", gateway);
  if (ping.code === 0) return hop("guest gateway", gateway, true, "answers a ping", "");
  const advice =
    "what the machine sends ends in silence, and no hop before it says why: tcpdump -ni any icmp or icmp6 on the host shows where";
  // A LAN's router may keep silent; the host does not.
  return hop("guest gateway", gateway, ours === undefined ? null : false, "does not answer a ping", advice);
}

/** From the host to the machine and back. */
export function guestAnswerHop({ address, family }: MachineAddress, { name }: Machine, { path }: Found): Hop {
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
function wayOut({ networks }: Machine, family: Family): { gateway?: string; own: string[] } {
  const own = networks.flatMap(({ addresses }) => addresses.filter((one) => one.family === family));
  const lan = networks[0] !== undefined && !isRouted(networks[0]);
  const gateway4 = networks.find((network) => network.gateway4 !== undefined)?.gateway4 ?? "the host";
  const gateway = lan ? undefined : family === "ipv4" ? gateway4 : "fe80::1";
  return { gateway, own: own.map(({ address }) => address) };
}

function dark(name: string, subject: string): Hop {
  return hop(name, subject, null, "not looked at: the machine does not run", "see the hop machine");
}
