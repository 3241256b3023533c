import type { Desired, Fact } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { parseInside } from "../model/fact/inside";
import { loginLine, parseLogin } from "../model/fact/login";
import { ownSysctls } from "../model/own-sysctls";
import { machineUnit, machinesDirectory } from "../model/paths";
import type { Facts } from "./facts/facts";
import { foundFiles, foundSecrets, linkTarget, wrongModes } from "./found-files";
import {
  addresses,
  bridgeLink,
  isAnsweredFor,
  isNeighbour,
  isRouted,
  peers,
  port,
  ports,
  rules,
  tunnel,
  wired,
} from "./found-links";
import { mesh, meshPeers, wireguardKey } from "./found-mesh";
import { keepsNames } from "./keeps-names";
import { obstaclesTo } from "./obstacles-to";
import { overrides } from "./settings/overrides";
import { shownFact } from "./shown-fact";
import { isOfStorageNotChosen } from "./storage-choice";
import type { Subject } from "./subject";
import { strays } from "./strays";

/** What was found on the host of what one resource wants, in the same shape, so that equal means untouched. */
export function found(subject: Subject, facts: Facts): Desired {
  const { desired } = subject;
  const others = overrides(subject, facts);
  const isLeftOut = (name: string): boolean => isOfStorageNotChosen(name, desired, facts);
  return {
    files: foundFiles(desired, facts),
    secretFiles: foundSecrets(desired, facts),
    boot: present(desired.boot, {
      units: states(desired.boot.units, (unit, wanted) => (isLeftOut(unit) ? wanted : facts.units.get(unit)?.enabled)),
      packages: states(desired.boot.packages, (name, wanted) => (isLeftOut(name) ? wanted : facts.packages.get(name))),
      authorizedKeys: logins(desired.boot.authorizedKeys, facts),
      links: states(desired.boot.links, (path, wanted) => (keepsNames(path, facts) ? wanted : linkTarget(path, facts))),
      modes: wrongModes(desired, facts),
      overrides: others.boot,
      uplink: kept(desired.boot.uplink, (path) => facts.files.get(path)?.type === "file"),
    }),
    live: present(desired.live, {
      units: states(desired.live.units, (unit, wanted) =>
        isLeftOut(unit) ? wanted : activeState(facts, unit, wanted),
      ),
      storage: desired.live.storage,
      limits: states(desired.live.limits, (name) => limitsOf(subject, facts)[name]),
      mounts: states(desired.live.mounts, (path) => mountState(path, subject, facts)),
      sysctls: states(desired.live.sysctls, (name, wanted) => sysctl(subject, facts, name, wanted)),
      link: desired.live.link === undefined ? undefined : bridgeLink(subject, facts),
      uplink: desired.live.uplink === undefined ? undefined : port("uplink", subject, facts),
      macvlan: wired(subject, facts),
      tunnel: desired.live.tunnel === undefined ? undefined : tunnel(subject, facts),
      peers: peers(subject, facts),
      mesh: mesh(subject, facts),
      meshPeers: meshPeers(subject, facts),
      wireguard: wireguardKey(subject, facts),
      addresses: addresses(subject, facts),
      rules: rules(subject, facts),
      routes: kept(desired.live.routes, (route) => isRouted(route, subject, facts)),
      neighbours: kept(desired.live.neighbours, (neighbour) => isNeighbour(neighbour, facts)),
      filter: desired.live.filter === undefined ? undefined : (facts.filters.get(subject.bridge ?? "") ?? "absent"),
      answers: answers(subject, facts),
      proxies: kept(desired.live.proxies, (proxy) => isAnsweredFor(proxy, facts)),
      port: desired.live.port === undefined ? undefined : port("port", subject, facts),
      ports: ports(subject, facts),
      inside: kept(desired.live.inside, (line) => isInside(line, subject, facts)),
      ready: desired.live.ready === undefined ? undefined : readiness(subject, facts),
      reachable: desired.live.reachable === undefined ? undefined : reachable(subject, facts),
      strays: strays(subject, facts),
      overrides: others.live,
      obstacles: obstaclesTo(subject, facts).map(({ text }) => text),
    }),
  };
}

/** Whether nothing of the resource is on the host any more. */
export function isGone(subject: Subject, facts: Facts, state: Desired): boolean {
  if (facts.records.has(subject.key)) return false;
  const tree = subject.machine !== undefined && facts.files.has(`${machinesDirectory}/${subject.machine}`);
  return !tree && Object.keys(state.files).length === 0;
}

function present(wanted: Record<string, Fact>, parts: Record<string, Fact | undefined>): Record<string, Fact> {
  const filled = Object.entries(parts).flatMap(([name, fact]): [string, Fact][] => {
    if (fact === undefined || (typeof fact === "object" && Object.keys(fact).length === 0)) return [];
    return [[name, shownFact(Array.isArray(fact) ? fact.sort() : fact, wanted[name])]];
  });
  return Object.fromEntries(filled);
}

/** What answers for subnets, where something has to. */
function answers({ desired }: Subject, facts: Facts): Fact | undefined {
  return desired.live.answers === undefined ? undefined : facts.answers;
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

/** All keys of the users whose keys are wanted. */
function logins(wanted: Fact | undefined, facts: Facts): Fact | undefined {
  const users = factAs.list(wanted).map((login) => parseLogin(login).user);
  return wanted === undefined ? undefined : facts.logins.filter(({ user }) => users.includes(user)).map(loginLine);
}

function mountState(path: string, { key }: Subject, { mounts }: Facts): string | undefined {
  return mounts.find((mount) => mount.key === key && mount.path === path)?.state;
}

function activeState(facts: Facts, unit: string, wanted: string): string | undefined {
  const active = facts.units.get(unit)?.active;
  return wanted === "inactive" && active === "failed" ? "inactive" : active;
}

function limitsOf({ machine }: Subject, facts: Facts): Record<string, string> {
  if (machine === undefined) return {};
  const quota = facts.quotas.get(machine);
  return { ...facts.units.get(machineUnit(machine))?.limits, ...(quota === undefined ? {} : { DiskQuota: quota }) };
}

/** A setting of the library's own that the kernel lacks, and that could not be set, is one of IPv6 without IPv6. */
function sysctl(subject: Subject, facts: Facts, name: string, wanted: string): string | undefined {
  const value = facts.sysctls.get(name) ?? "";
  const isNeedless = value === "" && Object.hasOwn(ownSysctls, name) && unsettable(subject, facts).includes(name);
  return isNeedless ? wanted : value;
}

/** Kernel settings that the last program could not set; it said so, and no `up` changes it. */
export function unsettable({ key }: Subject, facts: Facts): string[] {
  return facts.records.get(key)?.get("unsettable") ?? [];
}

/** Whether a machine has an interface, as it says itself. */
function isInside(line: string, { machine = "" }: Subject, { guestInterfaces }: Facts): boolean {
  return guestInterfaces.get(machine)?.has(parseInside(line).name) === true;
}

function readiness(subject: Subject, facts: Facts): string {
  const state = facts.guests.get(subject.machine ?? "") ?? "";
  if (state === "running" || state === "degraded") return "running";
  return state === "" ? "stopped" : state;
}

/** As the last probe found it; nobody looks again until the machine changes. */
function reachable(subject: Subject, facts: Facts): string {
  const ways = (facts.reached.get(subject.key) ?? []).filter(({ outcome }) => outcome !== "isolated");
  const lost = ways
    .filter(({ outcome }) => outcome !== "reached")
    .map(({ address, outcome }) => `${address} ${outcome}`);
  return ways.length === 0 ? "untried" : lost.length === 0 ? "yes" : lost.join(", ");
}
