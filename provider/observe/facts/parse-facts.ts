import { asPrefix } from "../../model/address";
import { jsonEntries, type JsonEntry } from "../../model/read/json-entry";
import { printable, printableLine } from "../../model/read/printable";
import { factLines } from "./fact-lines";
import { parseLimits } from "./parse-limits";
import { parseNetfilter } from "../netfilter/parse-netfilter";
import { osName } from "./os-name";
import { parseGuests } from "./parse-guests";
import { parseOthers } from "./parse-others";
import type { Facts, FoundLink, FoundUnit, RawFacts } from "./facts";

/**
 * Parses what the host wrote; its texts come out printable. What a host lacks (IPv6, units) is empty, never an error. What
 * our program would not write refuses the report; what a machine says of itself is left out where it makes no sense.
 *
 * @throws NSPAWN_REPORT
 */
export function parseFacts(raw: RawFacts): Facts {
  const text = (name: string): string => printable(raw.texts.get(name) ?? "");
  const json = (name: string): JsonEntry[] => jsonEntries(`the fact ${name}`, raw.texts.get(name) ?? "");
  const routes4 = json("route4");
  const routes6 = json("route6");
  const routes = [...routes4, ...routes6];
  const links = json("link");
  return {
    records: records(text("records")),
    files: raw.files,
    links: foundLinks(links, json("addr")),
    routes: new Set(routes.map(routeText)),
    gateways: new Map(
      routes.flatMap((route): [string, string][] => {
        const gateway = route.text("gateway") ?? route.entry("via").text("host");
        return gateway === undefined ? [] : [[routeText(route), gateway]];
      }),
    ),
    defaultInterfaces: [...defaults(routes4), ...defaults(routes6)],
    proxies: new Set([...json("proxy4"), ...json("proxy6")].map(proxy)),
    neighbours: new Set(json("permanent").map(neighbour)),
    forwarding: new Set(json("fdb").flatMap(forwarding)),
    filters: pairs(text("filters")),
    mounts: new Map(factLines(text("mounts")).map(mount)),
    units: units(text("units")),
    packages: pairs(text("packages")),
    sysctls: pairs(text("sysctls")),
    logins: logins(text("logins")),
    ...parseGuests(raw.texts),
    ...parseOthers(
      text,
      routes,
      [...json("rule4"), ...json("rule6")],
      new Map(links.map((link) => [link.needed("ifname"), link.number("ifindex") ?? 0])),
    ),
    netfilter: parseNetfilter(text),
    os: osName(text("os")),
    systemdVersion: printableLine(/^systemd (\S+)/.exec(text("systemd"))?.[1] ?? "", 100),
  };
}

function routeText(route: JsonEntry): string {
  return `${withLength(route.needed("dst"))} dev ${route.text("dev") ?? ""}`;
}

function withLength(destination: string): string {
  return destination === "default" || destination.includes("/") ? destination : asPrefix(destination);
}

function defaults(routes: JsonEntry[]): string[] {
  const found = routes.flatMap((route) => {
    const dev = route.text("dev");
    return route.text("dst") === "default" && dev !== undefined ? [{ dev, metric: route.number("metric") ?? 0 }] : [];
  });
  return found.sort((a, b) => a.metric - b.metric).map(({ dev }) => dev);
}

function proxy(entry: JsonEntry): string {
  return `${entry.needed("dst")} dev ${entry.needed("dev")}`;
}

function neighbour(entry: JsonEntry): string {
  return `${entry.needed("dst")} is ${entry.text("lladdr")} on ${entry.needed("dev")}`;
}

function forwarding(entry: JsonEntry): string[] {
  const state = entry.text("state");
  const isGiven = entry.text("master") !== undefined && (state === "static" || state === "permanent");
  return isGiven ? [`${entry.needed("mac")} on ${entry.needed("ifname")}`] : [];
}

function portState(link: JsonEntry): Pick<FoundLink, "guarded" | "isolated"> {
  const port = link.entry("info_slave_data");
  const [learning, flood, guard] = [port.flag("learning"), port.flag("flood"), port.flag("guard")];
  return { isolated: port.flag("isolated") === true, guarded: learning === false && flood === false && guard === true };
}

function foundLinks(found: JsonEntry[], addresses: JsonEntry[]): Map<string, FoundLink> {
  const byLink = new Map(addresses.map((entry) => [entry.needed("ifname"), entry.entries("addr_info")]));
  return new Map(found.map((link) => [link.needed("ifname"), foundLink(link, byLink)]));
}

function foundLink(link: JsonEntry, byLink: ReadonlyMap<string, JsonEntry[]>): FoundLink {
  const ifname = link.needed("ifname");
  const info = link.entry("linkinfo");
  return {
    ifname,
    kind: info.text("info_kind") ?? "",
    up: link.texts("flags").includes("UP"),
    mtu: link.number("mtu") ?? 0,
    master: link.text("master"),
    ...portState(info),
    addresses: (byLink.get(ifname) ?? []).flatMap((address) => {
      const local = address.text("local");
      return local === undefined ? [] : [`${local}/${address.number("prefixlen")}`];
    }),
  };
}

function pairs(text: string): Map<string, string> {
  const lines = factLines(text);
  return new Map(lines.map((line) => line.split("\t", 2)).map(([name, value]) => [name ?? "", value ?? ""]));
}

/** Lines of a key, a path and a state. */
function mount(line: string): [string, string] {
  const [key = "", path = "", state = ""] = line.split("\t", 3);
  return [`${key} ${path}`, state];
}

/** Lines of a user and a line of its authorized_keys. */
function logins(text: string): string[] {
  return [...new Set(factLines(text).map((line) => line.replace("\t", ": ")))];
}

/** Blocks of `Key=value`, one per unit, in any order of keys. */
function units(text: string): Map<string, FoundUnit> {
  const found = new Map<string, FoundUnit>();
  let block = new Map<string, string>();
  const close = (): void => {
    const id = block.get("Id") ?? "";
    if (id !== "") found.set(id, foundUnit(block));
    block = new Map();
  };
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (line === "") close();
    else if (at > 0 && !block.has(line.slice(0, at))) block.set(line.slice(0, at), line.slice(at + 1));
  }
  close();
  return found;
}

function foundUnit(block: ReadonlyMap<string, string>): FoundUnit {
  const value = (key: string): string => block.get(key) ?? "";
  const limits = parseLimits(value);
  return {
    enabled: value("UnitFileState"),
    active: value("ActiveState"),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

function records(text: string): Facts["records"] {
  const all: Facts["records"] = new Map();
  let record: Map<string, string[]> = new Map();
  for (const line of factLines(text)) {
    const [word = "", value = ""] = line.split("\t", 2);
    if (word === "key") all.set(value, (record = new Map<string, string[]>()));
    else if (record.has(word)) record.get(word)?.push(value);
    else if (word !== "") record.set(word, [value]);
  }
  return all;
}
