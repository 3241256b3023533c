import { machinePort } from "../../provider/model/paths";
import type { Machine, MachineAddress, MachineNetwork } from "../stack/machines";
import type { Facts } from "./facts";
import { hop, type Hop } from "./hop";
import { repair } from "./host-hops";

/** Where the host routes a machine's addresses to. */
export const routedTo = (machine: string, { bridge, attach }: MachineNetwork): string =>
  attach === "veth" ? machinePort(machine, attach) : bridge;

export function forwardingHop(family: "ipv4" | "ipv6", facts: Facts): Hop {
  const key = family === "ipv4" ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding";
  const value = facts.setting(key);
  const seen = `${key.replaceAll("/", ".")} is ${value ?? "absent"}`;
  return hop("forwarding", family, value === "1", seen, `packets end on the host: ${repair}`);
}

/** What comes in by the uplink for the address, by the rules and routes of the kernel. */
export function routeHop(one: MachineAddress, link: string, facts: Facts): Hop {
  const { address } = one;
  const route = facts.route(`route:${address}`);
  const seen = route === undefined ? refused(`route:${address}`, one, facts) : `goes to ${route.dev ?? "nowhere"}`;
  const advice = `what comes in for it has to go to ${link}: ${lookAt(one, facts)}`;
  return hop("route", address, route?.dev === link, seen, advice);
}

/** What the machine sends out from the address: by no rule back inside, or away. */
export function routeOutHop({ name }: Machine, one: MachineAddress, link: string, facts: Facts): Hop {
  const { address } = one;
  const route = facts.route(`out:${address}`);
  const ok = route?.dev !== undefined && route.dev !== link && route.dev !== "lo";
  const seen = route === undefined ? refused(`out:${address}`, one, facts) : `goes by ${route.dev ?? "nothing"}`;
  const advice = `what ${name} sends from it has to leave by the uplink: ${lookAt(one, facts)}`;
  return hop("route out", address, ok, seen, advice);
}

/** What the kernel makes of a packet that it does not forward. */
const meanings: [RegExp, string][] = [
  [/Invalid argument/, "blackhole"],
  [/Permission denied/, "prohibit"],
  [/(Network is unreachable|No route to host)/, "unreachable, or no route"],
  [/cross-device/, "the reverse path filter: the way back leads elsewhere"],
];

function refused(name: string, one: MachineAddress, facts: Facts): string {
  const said = facts.get(name)?.text.split("\n")[0] ?? "";
  const meaning = meanings.find(([text]) => text.test(said))?.[1];
  const rules = foreignRules(one, facts);
  const has = rules.length === 0 ? "" : `; ip rule has: ${rules.join(" | ")}`;
  return `${said || "no route"}${meaning === undefined ? "" : ` (${meaning})`}${has}`;
}

/** Rules beside those that every host has. */
function foreignRules({ family }: MachineAddress, facts: Facts): string[] {
  const lines = facts.lines(family === "ipv4" ? "rules4" : "rules6");
  return lines.filter((line) => !/^(0|32766|32767):/.test(line)).map((line) => line.replace(/\s+/g, " "));
}

function lookAt(one: MachineAddress, facts: Facts): string {
  const version = one.family === "ipv4" ? "4" : "6";
  if (foreignRules(one, facts).length === 0) return repair;
  return `ip -${version} rule del … on the host, if a rule stands against it; ${repair} where it was a route`;
}
