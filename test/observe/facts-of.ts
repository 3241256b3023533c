import type { Desired } from "../../provider/model/desired";
import { modeOf } from "../../provider/model/paths";
import { factAs } from "../../provider/model/fact-as";
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
  const [port, , master] = factAs.text(live.port).split(" ");
  const [bridge, kind] = factAs.text(live.link).split(" ");
  const isolated = / isolated/.test(factAs.text(live.port));
  const common = { up: true, mtu: 1500, guarded: isolated, isolated: false };
  const addresses = [...factAs.list(live.addresses)].reverse();
  return [
    ...(port
      ? [[port, { ifname: port, kind: "veth", ...common, isolated, master, addresses: [] }] as [string, FoundLink]]
      : []),
    ...(bridge && kind ? [[bridge, { ifname: bridge, kind, ...common, addresses }] as [string, FoundLink]] : []),
  ];
}

function forwardingOf({ live }: Desired): string[] {
  const [port, , , , mac] = factAs.text(live.port).split(" ");
  return mac === undefined ? [] : [`${mac} on ${port}`];
}

/** Every route to a machine leads through its permanent neighbour. */
function gatewaysOf({ live }: Desired): Map<string, string> {
  const gateway = factAs.list(live.neighbours)[0]?.split(" ")[0];
  return new Map(gateway === undefined ? [] : factAs.list(live.routes).map((route) => [route, gateway]));
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
    files: new Map(filesOf(desired)),
    links: new Map(linksOf(desired)),
    gateways: gatewaysOf(desired),
    routes: new Set(factAs.list(live.routes)),
    defaultInterfaces: ["eth0"],
    proxies: new Set(factAs.list(live.proxies).map((proxy) => `${proxy.split(" ")[0]} dev eth0`)),
    neighbours: new Set(factAs.list(live.neighbours)),
    forwarding: new Set(forwardingOf(desired)),
    filters: new Map(live.filter === undefined ? [] : [["br0", factAs.text(live.filter)]]),
    mounts: new Map(Object.entries(factAs.named(live.mounts)).map(([path, state]) => [`${key} ${path}`, state])),
    units: new Map(unitsOf(desired)),
    packages: new Map(Object.entries(factAs.named(boot.packages))),
    sysctls: new Map(Object.entries(factAs.named(live.sysctls))),
    logins: factAs.list(boot.authorizedKeys),
    guests: new Map([["web", "degraded"]]),
    guestMacs: new Map(),
    guestAddresses: new Map(),
    handRoutes: [],
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
