import { linkTowards } from "../../provider/model/paths";
import type { Routed } from "../../provider/observe/path/path-facts";
import type { Machine, MachineAddress, MachineNetwork } from "../stack/machines";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";
import { repair, setting } from "./host-hops";

/** Where the host routes a machine's addresses to. */
export const routedTo = ({ plug, bridge, attach }: MachineNetwork): string => linkTowards(plug, bridge, attach);

export function forwardingHop(family: "ipv4" | "ipv6", found: Found): Hop {
  const key = family === "ipv4" ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
  const value = setting(key, found);
  const seen = `${key} is ${value ?? "absent"}`;
  return hop("forwarding", family, value === "1", seen, `packets end on the host: ${repair}`);
}

/** What comes in by the uplink for the address, by the rules and routes of the kernel. */
export function routeHop(one: MachineAddress, link: string, found: Found): Hop {
  const { address } = one;
  const inward = found.path.inward.get(address);
  const route = inward?.route;
  const seen = route === undefined ? refused(inward, one, found) : `goes to ${route.dev ?? "nowhere"}`;
  const advice = `what comes in for it has to go to ${link}: ${lookAt(one, found)}`;
  return hop("route", address, route?.dev === link, seen, advice);
}

/** What is for a subnet goes to the machine, whatever it has behind it. */
export function subnetHop(subnet: string, link: string, { facts }: Found): Hop {
  const routes = facts.routes.filter(({ destination }) => destination === subnet);
  const seen = routes.length === 0 ? "no route" : `goes to ${routes.map((route) => route.link).join(" and ")}`;
  const ok = routes.length > 0 && routes.every((route) => route.link === link);
  return hop("route", subnet, ok, seen, `what comes in for it has to go to ${link}: ${repair}`);
}

/** What the machine sends out from the address: by no rule back inside, or away. */
export function routeOutHop({ name }: Machine, one: MachineAddress, link: string, found: Found): Hop {
  const { address } = one;
  const outward = found.path.outward.get(address);
  const route = outward?.route;
  const ok = route?.dev !== undefined && route.dev !== link && route.dev !== "lo";
  const seen = route === undefined ? refused(outward, one, found) : `goes by ${route.dev ?? "nothing"}`;
  const advice = `what ${name} sends from it has to leave by the uplink: ${lookAt(one, found)}`;
  return hop("route out", address, ok, seen, advice);
}

/** What the kernel makes of a packet that it does not forward. */
const meanings: [RegExp, string][] = [
  [/Invalid argument/, "blackhole"],
  [/Permission denied/, "prohibit"],
  [/(Network is unreachable|No route to host)/, "unreachable, or no route"],
  [/cross-device/, "the reverse path filter: the way back leads elsewhere"],
];

function refused(way: Routed | undefined, one: MachineAddress, found: Found): string {
  const said = way?.said.split("\n")[0] ?? "";
  const meaning = meanings.find(([text]) => text.test(said))?.[1];
  const rules = foreignRules(one, found);
  const has = rules.length === 0 ? "" : `; ip rule has: ${rules.join(" | ")}`;
  return `${said || "no route"}${meaning === undefined ? "" : ` (${meaning})`}${has}`;
}

/** Rules beside those that every host has. */
function foreignRules({ family }: MachineAddress, { path }: Found): string[] {
  return path.rules[family].filter((line) => !/^(0|32766|32767):/.test(line)).map((line) => line.replace(/\s+/g, " "));
}

function lookAt(one: MachineAddress, found: Found): string {
  const version = one.family === "ipv4" ? "4" : "6";
  if (foreignRules(one, found).length === 0) return repair;
  return `ip -${version} rule del … on the host, if a rule stands against it; ${repair} where it was a route`;
}
