import type { Machine, MachineAddress } from "../stack/machines";
import type { Facts } from "./facts";
import { hop, type Hop } from "./hop";

/** The machine runs and has finished starting: S1.30, S1.31. */
export function machineHop({ name, state }: Machine, facts: Facts): Hop {
  const active = facts.property(`unit:${name}`, "ActiveState") ?? "unknown";
  const ready = facts.get(`ready:${name}`)?.text.split("\n")[0] ?? "";
  const seen =
    active === "active"
      ? `is active, its service manager says ${ready || "nothing"}`
      : `is ${active}${journal(name, facts)}`;
  const advice =
    state === "stopped"
      ? "the program has running: false"
      : `journalctl -u systemd-nspawn@${name}.service on the host; \`pulumi up --refresh\` starts it`;
  const ok = active === "active" && ["running", "degraded"].includes(ready);
  return hop("machine", `systemd-nspawn@${name}.service`, ok, seen, advice);
}

function journal(name: string, facts: Facts): string {
  const lines = facts.get(`journal:${name}`)?.text ?? "";
  return lines === "" ? "" : `; journal: ${lines.replaceAll("\n", " | ")}`;
}

export function guestAddressHop({ address }: MachineAddress, machine: string, facts: Facts): Hop {
  if (facts.get(`links:${machine}`) === undefined) return dark("guest address", address);
  const link = facts.link("host0", machine);
  const has = link?.addresses.some(({ local }) => local === address) === true;
  const found = link?.addresses.map(({ local, length }) => `${local}/${length}`).join(", ");
  const seen = link === undefined ? "the machine has no host0" : `host0 has ${found || "no address"}`;
  const advice = `machinectl shell ${machine} /usr/bin/networkctl status host0; a restart of the machine reads its network file again`;
  return hop("guest address", address, has, seen, advice);
}

/** The way back: by the host, with the machine's own address as the source, which shows that nothing translates. S1.46. */
export function guestRouteHop(machine: Machine, family: "ipv4" | "ipv6", facts: Facts): Hop {
  const question = `out${family === "ipv4" ? "4" : "6"}:${machine.name}`;
  const fact = facts.get(question);
  if (fact === undefined) return dark("guest route", family);
  const { gateway, own } = wanted(machine, family);
  const route = facts.route(question);
  if (route === undefined) return noDefault(family, fact.text, machine.name);
  const ok = route.dev === "host0" && route.gateway === gateway && own.includes(route.prefsrc ?? "");
  const { gateway: via = "nobody", dev = "nothing", prefsrc = "nothing" } = route;
  const advice = `it has to be via ${gateway} dev host0 src ${own.join(" or ")}: restart the machine, and see its networkctl status host0`;
  return hop("guest route", family, ok, `via ${via} dev ${dev} src ${prefsrc}`, advice);
}

function noDefault(family: string, said: string, machine: string): Hop {
  const seen = said === "" ? "no way out" : said.split("\n")[0]!;
  const advice = `the machine has no default route, programs in it say "Network is unreachable": restart it, and see machinectl shell ${machine} /usr/bin/networkctl status host0`;
  return hop("guest route", family, false, seen, advice);
}

export function guestGatewayHop(machine: Machine, family: "ipv4" | "ipv6", facts: Facts): Hop {
  const { gateway } = wanted(machine, family);
  const fact = facts.get(`gateway${family === "ipv4" ? "4" : "6"}:${machine.name}`);
  if (fact === undefined) return dark("guest gateway", gateway);
  if (fact.code === 127 || /No such file|not found/.test(fact.text))
    return hop("guest gateway", gateway, null, "the host has no ping", "apt install iputils-ping on the host");
  const advice =
    "what the machine sends ends in silence: its gateway does not answer; see the hops bridge, port and guest route";
  return hop(
    "guest gateway",
    gateway,
    fact.code === 0,
    fact.code === 0 ? "answers a ping" : "does not answer a ping",
    advice,
  );
}

function wanted(machine: Machine, family: "ipv4" | "ipv6"): { gateway: string; own: string[] } {
  const addresses = machine.networks.flatMap((network) => network.addresses);
  const gateway4 = machine.networks.find((network) => network.gateway4 !== undefined)?.gateway4;
  return {
    gateway: family === "ipv4" ? (gateway4 ?? "the host") : "fe80::1",
    own: addresses.filter((address) => address.family === family).map(({ address }) => address),
  };
}

function dark(name: string, subject: string): Hop {
  return hop(name, subject, null, "not looked at: the machine does not run", "see the hop machine");
}
