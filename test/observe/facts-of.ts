import type { Desired } from "../../provider/model/desired";
import { modeOf } from "../../provider/model/paths";
import { parseBridgeLink } from "../../provider/model/fact/bridge-link";
import { parseInside } from "../../provider/model/fact/inside";
import { parseLogin } from "../../provider/model/fact/login";
import { parseNeighbour } from "../../provider/model/fact/neighbour";
import { parsePort } from "../../provider/model/fact/port";
import { parseProxy } from "../../provider/model/fact/proxy";
import { parseRoute } from "../../provider/model/fact/route";
import { parseRule } from "../../provider/model/fact/rule";
import { parseWired } from "../../provider/model/fact/wired";
import { parseReachability } from "../../provider/model/reachability";
import { factAs } from "../../provider/model/fact/fact-as";
import { noNetfilter } from "../../provider/observe/netfilter/ruleset";
import type { Facts, FoundFile, FoundLink, FoundUnit } from "../../provider/observe/facts/facts";

const rooted = { uid: 0, gid: 0 };

function filesOf(desired: Desired): [string, FoundFile][] {
  const { files, boot, secretFiles } = desired;
  return [
    ...Object.entries(files).map(([path, text]): [string, FoundFile] => [
      path,
      { type: "file", mode: modeOf(path), ...rooted, text },
    ]),
    ...Object.entries(factAs.named(boot.links)).map(([path, text]): [string, FoundFile] => [
      path,
      { type: "link", mode: "0777", ...rooted, text },
    ]),
    ...Object.entries(secretFiles).map(([name, hash]): [string, FoundFile] => {
      const text = `daemon:*:1:::::\nroot:${hash}:1:::::\n`;
      return [name.split("#")[0]!, { type: "file", mode: "0640", uid: 0, gid: 42, text }];
    }),
  ];
}

function linksOf({ live }: Desired): [string, FoundLink][] {
  const port = parsePort(factAs.text(live.port));
  const bridge = parseBridgeLink(factAs.text(live.link));
  const isolated = port.protection === "isolated";
  const common = { up: true, mtu: 1500, guarded: isolated, isolated: false };
  const addresses = [...factAs.list(live.addresses)].reverse();
  const links: FoundLink[] = [];
  if (port.name !== "")
    links.push({ ifname: port.name, kind: "veth", ...common, isolated, master: port.master, addresses: [] });
  if (bridge.kind !== "") links.push({ ifname: bridge.name, kind: bridge.kind, ...common, addresses });
  for (const { name, kind, master, lower } of factAs.list(live.macvlan).map(parseWired))
    links.push({ ifname: name, kind, ...common, guarded: false, master, lower, addresses: [] });
  return links.map((link) => [link.ifname, link]);
}

function forwardingOf({ live }: Desired): Facts["forwarding"] {
  const { name, mac } = parsePort(factAs.text(live.port));
  return mac === undefined ? [] : [{ mac, port: name }];
}

/** Every route to a machine leads through its permanent neighbour, or as it says itself. */
function routesOf({ live }: Desired): Facts["routes"] {
  const [neighbour] = factAs.list(live.neighbours).map(parseNeighbour);
  return factAs.list(live.routes).map((line) => {
    const { via, ...route } = parseRoute(line);
    return { ...route, gateway: via ?? neighbour?.address };
  });
}

function unitsOf({ boot, live }: Desired): [string, FoundUnit][] {
  const [enabled, active] = [factAs.named(boot.units), factAs.named(live.units)];
  return Object.keys({ ...enabled, ...active }).map((name) => [
    name,
    { enabled: enabled[name] ?? "", active: active[name] ?? "inactive", limits: factAs.named(live.limits) },
  ]);
}

/** The facts of a host on which everything is as wanted. */
export function factsOf(desired: Desired, key: string): Facts {
  const { boot, live } = desired;
  return {
    records: new Map([[key, new Map<string, string[]>()]]),
    reached: new Map(
      live.reachable === undefined
        ? []
        : [
            [
              key,
              [parseReachability("host0 198.51.100.7 reached 192.175.48.1 192.175.48.1 198.51.100.7 eth0 br0 host0")],
            ],
          ],
    ),
    files: new Map(filesOf(desired)),
    links: new Map(linksOf(desired)),
    routes: routesOf(desired),
    uplinks: [],
    defaultInterfaces: ["eth0"],
    answers: factAs.text(live.answers) || "absent",
    proxies: factAs.list(live.proxies).map((line) => ({ ...parseProxy(line), link: "eth0" })),
    neighbours: factAs.list(live.neighbours).map(parseNeighbour),
    peers: [],
    wireguard: { links: new Map() },
    forwarding: forwardingOf(desired),
    filters: new Map(live.filter === undefined ? [] : [["br0", factAs.text(live.filter)]]),
    mounts: Object.entries(factAs.named(live.mounts)).map(([path, state]) => ({ key, path, state })),
    units: new Map(unitsOf(desired)),
    quotas: new Map(
      Object.entries(factAs.named(live.limits)).flatMap(([name, value]) =>
        name === "DiskQuota" ? [["web", value]] : [],
      ),
    ),
    hasStorageFile: live.storage !== undefined,
    packages: new Map(Object.entries(factAs.named(boot.packages))),
    sysctls: new Map(Object.entries(factAs.named(live.sysctls))),
    logins: factAs.list(boot.authorizedKeys).map(parseLogin),
    guests: new Map([["web", "degraded"]]),
    guestMacs: new Map(),
    guestInterfaces: new Map([
      ["web", new Map(factAs.list(live.inside).map((line): [string, string] => [parseInside(line).name, ""]))],
    ]),
    guestAddresses: new Map(),
    handRoutes: [],
    linkRules: factAs.list(live.rules).map(parseRule),
    deadRules: [],
    answeringAll: [],
    managed: new Map(),
    destinations: new Set(),
    settings: [],
    bootAddresses: [],
    netfilter: noNetfilter,
    os: "Debian",
    systemdVersion: "252",
  };
}
