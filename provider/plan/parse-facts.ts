import { asPrefix } from "../model/address";
import { parseLimits } from "./limits";
import { parseOthers } from "./parse-others";
import type { Facts, FoundLink, FoundUnit, RawFacts } from "./facts";

interface IpLink {
  ifindex?: number;
  ifname: string;
  flags?: string[];
  mtu?: number;
  master?: string;
  linkinfo?: {
    info_kind?: string;
    info_slave_data?: { isolated?: boolean; learning?: boolean; flood?: boolean; guard?: boolean };
  };
}
interface IpAddress {
  ifname: string;
  addr_info?: { local?: string; prefixlen?: number; scope?: string }[];
}
interface IpRoute {
  dst: string;
  dev?: string;
  metric?: number;
  type?: string;
  protocol?: string;
  gateway?: string;
  /** A gateway of the other family. */
  via?: { host?: string };
}
interface IpNeighbour {
  dst: string;
  dev: string;
  lladdr?: string;
}
interface BridgeEntry {
  mac: string;
  ifname: string;
  master?: string;
  state?: string;
}

/** Parses what the host wrote. What a host lacks (IPv6, units) is empty, never an error. */
export function parseFacts(raw: RawFacts): Facts {
  const text = (name: string): string => raw.texts.get(name) ?? "";
  const routes4 = json<IpRoute>(text("route4"));
  const routes6 = json<IpRoute>(text("route6"));
  const links = json<IpLink>(text("link"));
  const guestTexts = [...raw.texts].filter(([name]) => name.startsWith("guest."));
  const guest = (index: number): Map<string, string> =>
    new Map(guestTexts.map(([name, said]) => [name.slice("guest.".length), (said.split("\n")[index] ?? "").trim()]));
  return {
    records: records(text("records")),
    files: raw.files,
    links: foundLinks(links, json<IpAddress>(text("addr"))),
    routes: new Set([...routes4, ...routes6].map(routeText)),
    gateways: new Map(
      [...routes4, ...routes6].flatMap((route): [string, string][] => {
        const gateway = route.gateway ?? route.via?.host;
        return gateway === undefined ? [] : [[routeText(route), gateway]];
      }),
    ),
    defaultInterfaces: [...defaults(routes4), ...defaults(routes6)],
    proxies: new Set([...json<IpNeighbour>(text("proxy4")), ...json<IpNeighbour>(text("proxy6"))].map(proxy)),
    neighbours: new Set(
      json<IpNeighbour>(text("permanent")).map(({ dst, dev, lladdr }) => `${dst} is ${lladdr} on ${dev}`),
    ),
    forwarding: new Set(json<BridgeEntry>(text("fdb")).flatMap(forwarding)),
    filters: pairs(text("filters")),
    units: units(text("units")),
    packages: pairs(text("packages")),
    sysctls: pairs(text("sysctls")),
    logins: logins(text("logins")),
    guests: guest(0),
    guestMacs: guest(1),
    guestAddresses: new Map([...guest(2)].map(([name, line]) => [name, line.split(" ").filter(Boolean)])),
    ...parseOthers(
      text,
      [...routes4, ...routes6],
      [...json<object>(text("rule4")), ...json<object>(text("rule6"))],
      new Map(links.map(({ ifname, ifindex }) => [ifname, ifindex ?? 0])),
    ),
    os: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text("os"))?.[1] ?? "",
    systemdVersion: /^systemd (\S+)/.exec(text("systemd"))?.[1] ?? "",
  };
}

function json<T>(text: string): T[] {
  return text.trim() === "" ? [] : (JSON.parse(text) as T[]).filter((entry) => Object.keys(entry as object).length > 0);
}

function routeText({ dst, dev }: IpRoute): string {
  return `${withLength(dst)} dev ${dev ?? ""}`;
}

function withLength(destination: string): string {
  return destination === "default" || destination.includes("/") ? destination : asPrefix(destination);
}

function defaults(routes: IpRoute[]): string[] {
  const found = routes.filter((route) => route.dst === "default" && route.dev !== undefined);
  return found.sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0)).map((route) => route.dev ?? "");
}

function proxy(neighbour: IpNeighbour): string {
  return `${neighbour.dst} dev ${neighbour.dev}`;
}

function forwarding({ mac, ifname, master, state }: BridgeEntry): string[] {
  return master !== undefined && (state === "static" || state === "permanent") ? [`${mac} on ${ifname}`] : [];
}

function portState(link: IpLink): Pick<FoundLink, "guarded" | "isolated"> {
  const { isolated, learning, flood, guard } = link.linkinfo?.info_slave_data ?? {};
  return { isolated: isolated === true, guarded: learning === false && flood === false && guard === true };
}

function foundLinks(found: IpLink[], addresses: IpAddress[]): Map<string, FoundLink> {
  const byLink = new Map(addresses.map((entry) => [entry.ifname, entry.addr_info ?? []]));
  return new Map(
    found.map((link) => [
      link.ifname,
      {
        ifname: link.ifname,
        kind: link.linkinfo?.info_kind ?? "",
        up: (link.flags ?? []).includes("UP"),
        mtu: link.mtu ?? 0,
        master: link.master,
        ...portState(link),
        addresses: (byLink.get(link.ifname) ?? [])
          .filter((address) => address.local !== undefined)
          .map((address) => `${address.local}/${address.prefixlen}`),
      },
    ]),
  );
}

function pairs(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => line.split("\t")).map(([name, value]) => [name ?? "", value ?? ""]));
}

/** Lines of a user and a line of its authorized_keys. */
function logins(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return [...new Set(lines.map((line) => line.replace("\t", ": ")))];
}

/** Blocks of `Key=value`, one per unit, in any order of keys. */
function units(text: string): Map<string, FoundUnit> {
  const found = new Map<string, FoundUnit>();
  for (const block of text.split("\n\n")) {
    const value = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(block)?.[1] ?? "";
    if (value("Id") === "") continue;
    const limits = parseLimits(value);
    found.set(value("Id"), {
      enabled: value("UnitFileState"),
      active: value("ActiveState"),
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
    });
  }
  return found;
}

function records(text: string): Facts["records"] {
  const all: Facts["records"] = new Map();
  let record: Map<string, string[]> = new Map();
  for (const line of text.split("\n")) {
    const [word = "", value = ""] = line.split("\t");
    if (word === "key") all.set(value, (record = new Map<string, string[]>()));
    else if (word !== "") record.set(word, [...(record.get(word) ?? []), value]);
  }
  return all;
}
