import { machineLimits, networkFile, netdevFile, networkdConfiguration, sysctlFile } from "../../model/paths";
import { bootSettings } from "./boot-settings";
import { byPath } from "./by-path";
import { overrideLine, type Override } from "../../model/fact/override";
import { parseWired, type Wired } from "../../model/fact/wired";
import { factAs } from "../../model/fact/fact-as";
import type { Facts, FoundSetting } from "../facts/facts";
import { matchesLink, type KnownLink } from "./matches-link";
import type { Subject } from "../subject";
import { addressesOf } from "../strays";
import { uplinkOf } from "../uplink";

/** Files of others that win over what is wanted, at the next boot or (in /run) until it. */
export interface Overrides {
  boot: string[];
  live: string[];
}

export function overrides(subject: Subject, facts: Facts): Overrides {
  const all: Override[] = [
    ...unitFiles(subject, facts),
    ...(subject.desired.live.sysctls === undefined ? [] : hostFiles(subject, facts)),
    ...(subject.desired.live.link === undefined || subject.bridge === undefined
      ? []
      : bridgeFiles(subject.bridge, facts.settings)),
    ...portFiles(subject, facts.settings),
    ...addressFiles(subject, facts),
  ];
  const inRun = ({ path }: Override): boolean => path.startsWith("/run/");
  const lines = (some: Override[]): string[] => [...new Set(some.map(overrideLine))];
  return { boot: lines(all.filter((each) => !inRun(each))), live: lines(all.filter(inRun)) };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Settings by which a unit does something else, or nothing; limits that nobody declared are its administrator's. */
const decisive = /^(ExecStart|ExecStartPre|ExecCondition|Condition[A-Za-z]*|Assert[A-Za-z]*)$/;

/** When a timer of ours elapses, and what it starts. */
const elapsing = /^(On[A-Za-z]+|Unit)$/;

const isDecisive = (unit: string, key: string): boolean =>
  decisive.test(key) || (unit.endsWith(".timer") && elapsing.test(key));

/** systemd-nspawn takes filters of system calls, writable kernel settings and MAC addresses from its environment as well. */
const environment = /^(Environment|EnvironmentFile|PassEnvironment|UnsetEnvironment)$/;

function unitFiles(subject: Subject, { settings }: Facts): Override[] {
  const { desired } = subject;
  const units = [...Object.keys(factAs.named(desired.boot.units)), ...Object.keys(factAs.named(desired.live.units))];
  const names = units.flatMap((unit) => [unit, unit.replace(/@[^.]*/, "@")]);
  return settings.flatMap(({ path, key }): Override[] => {
    const [, unit = "", dropIn] = /\/systemd\/system(?:\.control)?\/([^/]+?)(\.d\/.*)?$/.exec(path) ?? [];
    if (dropIn === undefined) return units.includes(unit) ? [{ path, kind: "unit", unit }] : [];
    if (!names.includes(unit)) return [];
    const wins = isDecisive(unit, key) || (unit.startsWith("systemd-nspawn@") && decidesMachine(subject, path, key));
    return wins ? [{ path, kind: "setting", setting: key }] : [];
  });
}

/** What a machine's end leads to, where it is declared. */
const ending = /^(Restart.*|StartLimit.*|SuccessExitStatus)$/;

/** Of drop-ins that set the same limit, the last by name counts. */
function decidesMachine({ desired, machine = "" }: Subject, path: string, key: string): boolean {
  if (environment.test(key)) return true;
  const restarts = /^Restart=/m.test(desired.files[machineLimits(machine)] ?? "");
  const isDeclared = Object.hasOwn(factAs.named(desired.live.limits), key) || (restarts && ending.test(key));
  return isDeclared && baseName(path) > baseName(machineLimits(machine));
}

/** Kernel settings and networkd's own: of several files that set a key, the last by name counts. */
function hostFiles({ desired }: Subject, facts: Facts): Override[] {
  const wanted = new Map(Object.entries(factAs.named(desired.live.sysctls)));
  for (const link of ["all", "default", uplinkOf(facts)]) wanted.set(`net.ipv4.conf.${link}.proxy_arp`, "0");
  const kernel = facts.settings.filter(({ path }) => path.includes("/sysctl.d/"));
  const networkd = facts.settings.filter(({ path }) => path.includes("/networkd.conf.d/"));
  const own = [...(desired.files[networkdConfiguration] ?? "").matchAll(/^(\w+)=(.*)$/gm)];
  return [
    ...bootSettings(baseName(sysctlFile), wanted, kernel),
    ...bootSettings(
      baseName(networkdConfiguration),
      new Map(own.map(([, key = "", value = ""]) => [key, value])),
      networkd,
    ),
  ];
}

/** Sections that add to a bridge and change nothing of it: somebody's machine. */
const additions = ["Route", "Neighbor", "BridgeFDB", "BridgeMDB"];

function bridgeFiles(bridge: string, settings: FoundSetting[]): Override[] {
  const own = baseName(networkFile(bridge));
  const dropIns = [`${own}.d`, `${baseName(netdevFile(bridge))}.d`];
  const files = [...byPath(settings)].filter(([path]) => path.includes("/systemd/network/"));
  return files.flatMap(([path, lines]): Override[] => {
    const folder = baseName(path.slice(0, path.lastIndexOf("/")));
    const changed = lines.find(({ section, key }) => key !== "" && !additions.includes(section));
    if (dropIns.includes(folder))
      return changed === undefined ? [] : [{ path, kind: "setting", setting: `${changed.section} ${changed.key}` }];
    return readFirst(path, lines, { name: bridge, type: "bridge", kind: "bridge" });
  });
}

/** Of all files that fit a link networkd reads the first by name. */
function readFirst(path: string, lines: FoundSetting[], link: KnownLink): Override[] {
  const isFirst = path.endsWith(".network") && baseName(path) < baseName(networkFile(link.name));
  return isFirst && matchesLink(lines, link) ? [{ path, kind: "link", link: link.name }] : [];
}

/** The host's end of a machine's cable, where we have a file for it, and the links of a macvlan. */
function portFiles({ desired }: Subject, settings: FoundSetting[]): Override[] {
  const cables = Object.keys(desired.files).flatMap(
    (path) => /\/systemd\/network\/10-(v[be]-[^/]+)\.network$/.exec(path)?.[1] ?? [],
  );
  const links: KnownLink[] = [
    ...cables.map((name): KnownLink => ({ name, type: "ether", kind: "veth" })),
    ...factAs.list(desired.live.macvlan).map((line): KnownLink => ({ ...asKnown(parseWired(line)), type: "ether" })),
  ];
  const files = [...byPath(settings)].filter(([path]) => path.includes("/systemd/network/"));
  return links.flatMap((link) => files.flatMap(([path, lines]) => readFirst(path, lines, link)));
}

const asKnown = ({ name, kind }: Wired): Pick<KnownLink, "name" | "kind"> => ({
  name,
  kind: kind as KnownLink["kind"],
});

/** Hetzner's own instructions have people configure a floating address on the host. */
function addressFiles(subject: Subject, { settings, bootAddresses }: Facts): Override[] {
  const addresses = addressesOf(subject);
  const networkd = settings.filter(({ path, key }) => key === "Address" && path.includes("/systemd/network/"));
  const given = [
    ...bootAddresses,
    ...networkd.map(({ path, value }) => ({ path, address: value.replace(/\/.*$/, "") })),
  ];
  return given
    .filter(({ address }) => addresses.includes(address))
    .map(({ path, address }) => ({ path, kind: "address", address }));
}
