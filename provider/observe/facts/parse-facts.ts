import { asPrefix } from "../../model/address";
import type { Login } from "../../model/fact/login";
import type { Neighbour } from "../../model/fact/neighbour";
import { parseReachability } from "../../model/reachability";
import { jsonEntries, type JsonEntry } from "../../model/read/json-entry";
import { printable, printableLine } from "../../model/read/printable";
import { factLines } from "./fact-lines";
import { parseLimits } from "./parse-limits";
import { parseNetfilter } from "../netfilter/parse-netfilter";
import { osName } from "./os-name";
import { parseGuests } from "./parse-guests";
import { parseOthers } from "./parse-others";
import { parseWireguard } from "./parse-wireguard";
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
  const known = records(text("records"));
  return {
    records: known,
    reached: reached(known),
    files: raw.files,
    links: foundLinks(links, json("addr")),
    routes: routes.map(foundRoute),
    uplinks: factLines(text("uplinks")),
    defaultInterfaces: [...defaults(routes4), ...defaults(routes6)],
    answers: printableLine(text("answers").trim(), 100) || "absent",
    proxies: [...json("proxy4"), ...json("proxy6")].map(proxy),
    neighbours: json("permanent").map(neighbour),
    forwarding: json("fdb").flatMap(forwarding),
    peers: json("fdb").flatMap(peer),
    wireguard: parseWireguard(text("wireguard")),
    filters: pairs(text("filters")),
    mounts: factLines(text("mounts")).map(mount),
    units: units(text("units")),
    packages: pairs(text("packages")),
    quotas: pairs(text("quotas")),
    hasStorageFile: text("storage").trim() === "file",
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

function foundRoute(route: JsonEntry): Facts["routes"][number] {
  return {
    destination: withLength(route.needed("dst")),
    link: route.text("dev") ?? "",
    gateway: route.text("gateway") ?? route.entry("via").text("host"),
  };
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

function proxy(entry: JsonEntry): Facts["proxies"][number] {
  return { address: entry.needed("dst"), link: entry.needed("dev") };
}

function neighbour(entry: JsonEntry): Neighbour {
  return { address: entry.needed("dst"), mac: entry.text("lladdr") ?? "", link: entry.needed("dev") };
}

function forwarding(entry: JsonEntry): Facts["forwarding"] {
  const state = entry.text("state");
  const isGiven = entry.text("master") !== undefined && (state === "static" || state === "permanent");
  return isGiven ? [{ mac: entry.needed("mac"), port: entry.needed("ifname") }] : [];
}

function peer(entry: JsonEntry): Facts["peers"] {
  const address = entry.text("dst");
  return address !== undefined && entry.needed("mac") === "00:00:00:00:00:00"
    ? [{ address, link: entry.needed("ifname") }]
    : [];
}

function tunnel(info: JsonEntry): FoundLink["vxlan"] {
  const [data, port] = [info.entry("info_data"), info.entry("info_slave_data")];
  const apart = port.flag("isolated") === true && port.flag("learning") === false && port.flag("guard") === true;
  const local = data.text("local") ?? data.text("local6") ?? "any";
  return { id: data.number("id") ?? 0, local, port: data.number("port") ?? 0, apart };
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
    lower: link.textOrNull("link"),
    ...portState(info),
    ...(info.text("info_kind") === "vxlan" && { vxlan: tunnel(info) }),
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
function mount(line: string): Facts["mounts"][number] {
  const [key = "", path = "", state = ""] = line.split("\t", 3);
  return { key, path, state };
}

/** Lines of a user and a line of its authorized_keys. */
function logins(text: string): Login[] {
  return [...new Set(factLines(text))].map((line) => {
    const [user = "", key = ""] = line.split("\t");
    return { user, key };
  });
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

function reached(found: Facts["records"]): Facts["reached"] {
  return new Map([...found].map(([key, record]) => [key, (record.get("reached") ?? []).map(parseReachability)]));
}
