import { canonicalAddress } from "../model/address";
import type { Desired, Fact } from "../model/desired";
import { ownSysctls } from "../model/own-sysctls";
import { printableLine } from "../model/read/printable";
import { machineUnit, machinesDirectory, modeOf, networkFile } from "../model/paths";
import { factAs } from "../model/fact-as";
import type { Facts, FoundLink } from "./facts/facts";
import { obstaclesTo } from "./obstacles-to";
import { overrides } from "./settings/overrides";
import { contains, parseNetwork } from "../model/network";
import { keepsNames } from "./keeps-names";
import { resolveLink } from "./resolve-link";
import { shownFact, shownFile, shownKind } from "./shown-fact";
import type { Sought } from "./sought";
import { strays } from "./strays";
import { uplinkOf } from "./uplink";

/** What was found on the host of what one resource wants, in the same shape, so that equal means untouched. */
export function found(sought: Sought, facts: Facts): Desired {
  const { desired } = sought;
  const others = overrides(sought, facts);
  return {
    files: foundFiles(desired, facts),
    secretFiles: foundSecrets(desired, facts),
    boot: present(desired.boot, {
      units: states(desired.boot.units, (unit) => facts.units.get(unit)?.enabled),
      packages: states(desired.boot.packages, (name) => facts.packages.get(name)),
      authorizedKeys: logins(desired.boot.authorizedKeys, facts),
      links: states(desired.boot.links, (path, wanted) => (keepsNames(path, facts) ? wanted : linkTarget(path, facts))),
      modes: wrongModes(desired, facts),
      overrides: others.boot,
      uplink: kept(desired.boot.uplink, (path) => facts.files.get(path)?.type === "file"),
    }),
    live: present(desired.live, {
      units: states(desired.live.units, (unit, wanted) => activeState(facts, unit, wanted)),
      limits: states(desired.live.limits, (name) => limitsOf(sought, facts)[name]),
      mounts: states(desired.live.mounts, (path) => facts.mounts.get(`${sought.key} ${path}`)),
      sysctls: states(desired.live.sysctls, (name, wanted) => sysctl(sought, facts, name, wanted)),
      link: desired.live.link === undefined ? undefined : bridgeLink(sought, facts),
      uplink: desired.live.uplink === undefined ? undefined : port("uplink", sought, facts),
      addresses: addresses(sought, facts),
      routes: kept(desired.live.routes, (route) => isRouted(route, sought, facts)),
      neighbours: kept(desired.live.neighbours, (neighbour) => facts.neighbours.has(neighbour)),
      filter: desired.live.filter === undefined ? undefined : (facts.filters.get(sought.bridge ?? "") ?? "absent"),
      proxies: kept(desired.live.proxies, (proxy) => isAnsweredFor(proxy, facts)),
      port: desired.live.port === undefined ? undefined : port("port", sought, facts),
      ready: desired.live.ready === undefined ? undefined : readiness(sought, facts),
      strays: strays(sought, facts),
      overrides: others.live,
      obstacles: obstaclesTo(sought, facts).map(({ text }) => text),
    }),
  };
}

/** Whether nothing of the resource is on the host any more. */
export function isGone(sought: Sought, facts: Facts, state: Desired): boolean {
  if (facts.records.has(sought.key)) return false;
  const tree = sought.machine !== undefined && facts.files.has(`${machinesDirectory}/${sought.machine}`);
  return !tree && Object.keys(state.files).length === 0;
}

function present(wanted: Record<string, Fact>, parts: Record<string, Fact | undefined>): Record<string, Fact> {
  const filled = Object.entries(parts).flatMap(([name, fact]): [string, Fact][] => {
    if (fact === undefined || (typeof fact === "object" && Object.keys(fact).length === 0)) return [];
    return [[name, shownFact(Array.isArray(fact) ? fact.sort() : fact, wanted[name])]];
  });
  return Object.fromEntries(filled);
}

function states(
  wanted: Fact | undefined,
  state: (name: string, wanted: string) => string | undefined,
): Fact | undefined {
  if (wanted === undefined || typeof wanted === "string" || Array.isArray(wanted)) return undefined;
  const entries = Object.entries(wanted).map(([name, value]) => [name, state(name, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== "")) as Record<
    string,
    string
  >;
}

function kept(wanted: Fact | undefined, is: (value: string) => boolean): Fact | undefined {
  return Array.isArray(wanted) ? wanted.filter(is) : undefined;
}

function foundFiles(desired: Desired, facts: Facts): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [path, wanted] of Object.entries(desired.files)) {
    const file = facts.files.get(path);
    if (file !== undefined) files[path] = shownFile(file, wanted);
  }
  return files;
}

/** `…/etc/shadow#root`: the second field of that line. */
function foundSecrets(desired: Desired, facts: Facts): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of Object.keys(desired.secretFiles)) {
    const [path = "", user = ""] = name.split("#");
    const file = facts.files.get(path);
    const lines = file?.type === "file" ? file.text.split("\n") : [];
    const hash = lines.find((entry) => entry.startsWith(`${user}:`))?.split(":", 2)[1];
    if (hash !== undefined) secrets[name] = printableLine(hash, 1000);
  }
  return secrets;
}

function wrongModes(desired: Desired, facts: Facts): string[] {
  return Object.keys(desired.files).flatMap((path) => {
    const file = facts.files.get(path);
    if (file?.type !== "file") return [];
    const owner = ownerOfTree(path, facts);
    if (file.mode === modeOf(path) && file.uid === owner.uid && file.gid === owner.gid) return [];
    return [`${path} is ${file.mode} ${file.uid}:${file.gid}, not ${modeOf(path)} ${owner.uid}:${owner.gid}`];
  });
}

/** Files in a tree belong to the first of its users: a shifted tree stays shifted, whomever its root folder is given to inside. */
function ownerOfTree(path: string, facts: Facts): { uid: number; gid: number } {
  const tree = new RegExp(`^${machinesDirectory}/[^/]+`).exec(path)?.[0];
  const { uid, gid } = (tree === undefined ? undefined : facts.files.get(tree)) ?? { uid: 0, gid: 0 };
  return { uid: uid - (uid % 65536), gid: gid - (gid % 65536) };
}

/** All keys of the users whose keys are wanted. */
function logins(wanted: Fact | undefined, facts: Facts): Fact | undefined {
  const userOf = (login: string): string => login.slice(0, login.indexOf(":"));
  const users = factAs.list(wanted).map(userOf);
  return wanted === undefined ? undefined : facts.logins.filter((login) => users.includes(userOf(login)));
}

function linkTarget(path: string, facts: Facts): string | undefined {
  const file = facts.files.get(path);
  if (file === undefined) return undefined;
  if (file.type !== "link") return `(${shownKind(file)})`;
  const tree = new RegExp(`^${machinesDirectory}/[^/]+`).exec(path)?.[0] ?? "";
  return resolveLink(path.slice(tree.length), file.text);
}

function activeState(facts: Facts, unit: string, wanted: string): string | undefined {
  const active = facts.units.get(unit)?.active;
  return wanted === "inactive" && active === "failed" ? "inactive" : active;
}

function limitsOf({ machine }: Sought, facts: Facts): Record<string, string> {
  return (machine === undefined ? undefined : facts.units.get(machineUnit(machine))?.limits) ?? {};
}

/** A setting of the library's own that the kernel lacks, and that could not be set, is one of IPv6 without IPv6. */
function sysctl(sought: Sought, facts: Facts, name: string, wanted: string): string | undefined {
  const value = facts.sysctls.get(name) ?? "";
  const isNeedless = value === "" && Object.hasOwn(ownSysctls, name) && unsettable(sought, facts).includes(name);
  return isNeedless ? wanted : value;
}

/** Kernel settings that the last program could not set; it said so, and no `up` changes it. */
export function unsettable({ key }: Sought, facts: Facts): string[] {
  return facts.records.get(key)?.get("unsettable") ?? [];
}

function linkOf(name: string | undefined, facts: Facts): ReturnType<Facts["links"]["get"]> {
  return name === undefined ? undefined : facts.links.get(name);
}

function bridgeLink(sought: Sought, facts: Facts): string | undefined {
  const link = linkOf(sought.bridge, facts);
  if (link === undefined) return undefined;
  const mtu = / mtu \d+$/.test(factAs.text(sought.desired.live.link)) ? ` mtu ${link.mtu}` : "";
  return `${link.ifname} ${link.kind} ${link.up ? "up" : "down"}${mtu}${unlikeOurs(link.ifname, facts)}`;
}

/** Whether networkd leaves a link alone, or goes by another file than ours. */
function unlikeOurs(link: string, facts: Facts): string {
  const { state = "", file = "" } = facts.managed.get(link) ?? {};
  if (state === "unmanaged") return " unmanaged";
  return file === "" || file === networkFile(link) ? "" : ` by ${file}`;
}

/**
 * A bridge of ours alone has the wanted addresses and no others. One that is the host's own link has them by the LAN:
 * there the wanted ones have to be among them, an address as it is, a network by any address in it.
 */
function addresses({ desired, bridge }: Sought, facts: Facts): Fact | undefined {
  if (desired.live.addresses === undefined) return undefined;
  const all = [...(linkOf(bridge, facts)?.addresses ?? [])];
  if (desired.live.uplink === undefined) return all;
  const bare = all.flatMap((address) => canonicalAddress(address.replace(/\/.*$/, "")) ?? []);
  return kept(desired.live.addresses, (wanted) => {
    const network = wanted.includes("/") ? parseNetwork(wanted) : wanted;
    return typeof network === "string" ? bare.includes(network) : bare.some((address) => contains(network, address));
  });
}

/** A route to a machine that is a permanent neighbour leads through that neighbour. */
function isRouted(route: string, { desired }: Sought, facts: Facts): boolean {
  const gateway = factAs.list(desired.live.neighbours)[0]?.split(" ")[0];
  return facts.routes.has(route) && (gateway === undefined || facts.gateways.get(route) === gateway);
}

function isAnsweredFor(proxy: string, facts: Facts): boolean {
  return facts.proxies.has(`${proxy.split(" ")[0] ?? ""} dev ${uplinkOf(facts) ?? ""}`);
}

function port(fact: "port" | "uplink", sought: Sought, facts: Facts): string | undefined {
  const [wanted = "", mtu] = factAs.text(sought.desired.live[fact]).split(" mtu ");
  const [name, , , how, mac] = wanted.split(" ");
  const link = linkOf(name, facts);
  if (link === undefined) return undefined;
  const size = mtu === undefined ? "" : ` mtu ${link.mtu}`;
  if (!wanted.includes(" master ") && link.master === undefined) return `${cable(link, facts)}${size}`;
  if (link.master === undefined) return `${link.ifname} without master`;
  return `${link.ifname} master ${link.master}${protection(link, how, mac, facts)}${size}`;
}

/** A machine's own cable, with all its addresses. */
function cable({ ifname, up, addresses }: FoundLink, facts: Facts): string {
  return `${[ifname, up ? "up" : "down", ...addresses].join(" ")}${unlikeOurs(ifname, facts)}`;
}

/** How a port is protected, when it has to be. */
function protection(link: FoundLink, how: string | undefined, mac: string | undefined, facts: Facts): string {
  if (how === undefined || mac === undefined) return "";
  const word = how.replace(",", "");
  const is = link.guarded && (word === "guarded" || link.isolated);
  const alone = facts.forwarding.has(`${mac} on ${link.ifname}`) ? `, ${mac} alone` : "";
  return `${is ? "" : " not"} ${word}${alone}`;
}

function readiness(sought: Sought, facts: Facts): string {
  const state = facts.guests.get(sought.machine ?? "") ?? "";
  if (state === "running" || state === "degraded") return "running";
  return state === "" ? "stopped" : state;
}
