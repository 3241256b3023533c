import type { Machine, MachineAddress } from "../stack/machines";
import { legacyChains, nftChains, type Family } from "./dropping-chains";
import type { Fact, Facts } from "./facts";
import { hop, type Hop } from "./hop";

/** Whether it is down because the program has `running: false`. */
export function isDownAsDeclared({ name, wanted }: Machine, facts: Facts): boolean {
  const state = facts.property(`unit:${name}`, "ActiveState") ?? "";
  return wanted === "stopped" && ["inactive", "failed"].includes(state);
}

/** The machine runs and has finished starting, or is down as the program has it: S1.30, S1.31. */
export function machineHop(machine: Machine, facts: Facts): Hop {
  const { name, wanted, readyWhen } = machine;
  const unit = `systemd-nspawn@${name}.service`;
  if (isDownAsDeclared(machine, facts)) return hop("machine", unit, true, "is stopped, as the program has it", "");
  const active = facts.property(`unit:${name}`, "ActiveState") ?? "unknown";
  if (active !== "active") {
    const advice = `journalctl -u ${unit} on the host; \`pulumi up --refresh\` starts it`;
    return hop("machine", unit, false, `is ${active}${journal(name, facts)}`, advice);
  }
  const ready = facts.get(`ready:${name}`)?.text.split("\n")[0] ?? "";
  const seen = `is active, its service manager says ${ready || "nothing"}`;
  if (wanted === "stopped") {
    return hop(
      "machine",
      unit,
      false,
      `${seen}, although the program has running: false`,
      "`pulumi up --refresh` stops it",
    );
  }
  const ok = readyWhen === "started" || ["running", "degraded"].includes(ready);
  return hop("machine", unit, ok, seen, `systemctl --machine=${name} list-jobs on the host says what it waits for`);
}

function journal(name: string, facts: Facts): string {
  const lines = facts.get(`journal:${name}`)?.text ?? "";
  return lines === "" ? "" : `; journal: ${lines.replaceAll("\n", " | ")}`;
}

export function guestAddressHop({ address, assignment }: MachineAddress, machine: string, facts: Facts): Hop {
  if (facts.get(`links:${machine}`) === undefined) return dark("guest address", address);
  const link = facts.link("host0", machine);
  const has = link?.addresses.some(({ local }) => local === address) === true;
  const found = link?.addresses.map(({ local, length }) => `${local}/${length}`).join(", ");
  const seen = link === undefined ? "the machine has no host0" : `host0 has ${found || "no address"}`;
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

/** The way back: by the host, with the machine's own address as the source, which shows that nothing translates. S1.46. */
export function guestRouteHop(machine: Machine, family: Family, facts: Facts): Hop {
  const question = outOf(machine, family);
  const fact = facts.get(question);
  if (fact === undefined) return dark("guest route", family);
  const { gateway, own } = wayOut(machine, family);
  const route = facts.route(question);
  if (route === undefined) return noDefault(family, fact.text, machine.name);
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
export function guestFirewallHop(machine: Machine, family: Family, facts: Facts): Hop {
  const { name } = machine;
  if (facts.get(`links:${name}`) === undefined) return dark("guest firewall", family);
  if (facts.get(`firewall:${name}`) === undefined && facts.get(`legacy:${name}`) === undefined)
    return hop(
      "guest firewall",
      family,
      null,
      "the host has no nft to read it with",
      "apt install nftables on the host",
    );
  const chains = [...nftChains(facts.lines(`firewall:${name}`)), ...legacyChains(facts.lines(`legacy:${name}`))];
  const able = chains.filter(({ families }) => families.includes(family)).map(({ where }) => where);
  const lost = lostPings(machine, family, facts);
  const which = able.join("; ");
  const seen = able.length === 0 ? "drops nothing" : lost === "" ? `lets pings pass; ${which}` : `${lost}: ${which}`;
  const advice = `the machine's own root made it, in it: machinectl shell ${name} /usr/sbin/nft list ruleset; all before it is in order`;
  return hop("guest firewall", family, able.length === 0 || lost === "", seen, advice);
}

function lostPings(machine: Machine, family: Family, facts: Facts): string {
  const gateway = facts.get(gatewayPing(machine, family));
  const out = gateway !== undefined && gateway.code === 1 ? ["no answer of the gateway comes in"] : [];
  const asked = wayOut(machine, family).own.filter((address) => facts.get(`answer:${address}`)?.code === 1);
  return [...out, ...asked.map((address) => `a ping to ${address} is not answered`)].join(", ");
}

const version = (family: Family): string => (family === "ipv4" ? "4" : "6");
const outOf = ({ name }: Machine, family: Family): string => `out${version(family)}:${name}`;
const gatewayPing = ({ name }: Machine, family: Family): string => `gateway${version(family)}:${name}`;

const hasNoPing = ({ code, text }: Fact): boolean => code === 127 || /No such file|not found/.test(text);

const noPing = (name: string, subject: string): Hop =>
  hop(name, subject, null, "the host has no ping", "apt install iputils-ping on the host");

export function guestGatewayHop(machine: Machine, family: Family, facts: Facts): Hop {
  const ours = wayOut(machine, family).gateway;
  const gateway = ours ?? facts.route(outOf(machine, family))?.gateway ?? "the LAN's router";
  const fact = facts.get(gatewayPing(machine, family));
  if (fact === undefined) return dark("guest gateway", gateway);
  if (hasNoPing(fact)) return noPing("guest gateway", gateway);
  if (fact.code === 0) return hop("guest gateway", gateway, true, "answers a ping", "");
  const advice =
    "what the machine sends ends in silence, and no hop before it says why: tcpdump -ni any icmp or icmp6 on the host shows where";
  // A LAN's router may keep silent; the host does not.
  return hop("guest gateway", gateway, ours === undefined ? null : false, "does not answer a ping", advice);
}

/** From the host to the machine and back. */
export function guestAnswerHop({ address, family }: MachineAddress, { name }: Machine, facts: Facts): Hop {
  const fact = facts.get(`answer:${address}`);
  if (fact === undefined || facts.get(`links:${name}`) === undefined) return dark("guest answer", address);
  if (hasNoPing(fact)) return noPing("guest answer", address);
  if (fact.code === 0) return hop("guest answer", address, true, "answers a ping of the host", "");
  const seen = "does not answer a ping of the host";
  if (facts.get(`silent${version(family)}:${name}`)?.text === "1") {
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
  const lan = networks[0]?.mode === "transparent";
  const gateway4 = networks.find((network) => network.gateway4 !== undefined)?.gateway4 ?? "the host";
  const gateway = lan ? undefined : family === "ipv4" ? gateway4 : "fe80::1";
  return { gateway, own: own.map(({ address }) => address) };
}

function dark(name: string, subject: string): Hop {
  return hop(name, subject, null, "not looked at: the machine does not run", "see the hop machine");
}
