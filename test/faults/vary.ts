import type { Properties } from "../support/driver";
import {
  bridgeArgs,
  hostArgs,
  machineArgs,
  natBridgeArgs,
  ownAddress6,
  protectedBridgeArgs,
  protectedMachineArgs,
  routedAddress4,
  vxlanBridgeArgs,
  type Site,
} from "./arguments";

type Next = () => number;

const between = (next: Next, least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
const coin = (next: Next): boolean => next() < 0.5;
const some = <T>(next: Next, values: readonly T[]): T[] => values.filter(() => coin(next));

export function host({ one }: Site, next: Next): Properties {
  const settings: [string, number, number][] = [
    ["net.core.somaxconn", 128, 60_000],
    ["net.ipv4.tcp_keepalive_time", 60, 7200],
    ["net.ipv6.conf.all.hop_limit", 32, 255],
  ];
  const sysctls = some(next, settings).map(([name, least, most]) => [name, String(between(next, least, most))]);
  return hostArgs(one, { resolved: coin(next), sysctls: Object.fromEntries(sysctls) });
}

export function bridge({ one }: Site, next: Next): Properties {
  const ipv6 = coin(next) ? one.ipv6 : undefined;
  return bridgeArgs(one, { mtu: between(next, 1280, 9000), ipv6 });
}

export function protectedBridge({ one }: Site, next: Next): Properties {
  const port = between(next, 1, 65535);
  return protectedBridgeArgs(one, {
    attach: coin(next) ? "veth" : "bridge",
    allowBetween: coin(next) ? "all" : "none",
    hostServices: coin(next) ? [{ protocol: coin(next) ? "tcp" : "udp", port }] : [],
  });
}

export function natBridge({ one }: Site, next: Next): Properties {
  const size = between(next, 20, 28);
  return natBridgeArgs(one, {
    lan4: { network: `10.99.0.0/${size}`, gateway: "10.99.0.1" },
    mtu: coin(next) ? between(next, 1280, 9000) : undefined,
    hostServices: coin(next) ? [{ protocol: "udp", port: between(next, 1, 65535) }] : [],
    ...(coin(next) ? { dhcpServer: { poolOffset: 2, poolSize: 8, emitDns: coin(next) } } : {}),
  });
}

export function vxlanBridge({ one }: Site, next: Next): Properties {
  const peers = some(next, [1, 2, 3, 4, 5, 6]).map((number) => `198.51.100.${number}`);
  const plain = vxlanBridgeArgs(one, ["198.51.100.201", ...peers]);
  const vxlan = { ...(plain.vxlan as Properties), id: between(next, 1, 16_777_215), port: between(next, 1024, 65535) };
  return { ...plain, vxlan, mtu: between(next, 1280, 1450) };
}

export function protectedMachine({ one }: Site, next: Next): Properties {
  const port = String(between(next, 1, 65535));
  const rules = [
    { direction: "in", protocol: "tcp", port, sources: ["192.0.2.0/24"] },
    { direction: "in", protocol: "icmp", sources: ["0.0.0.0/0", "::/0"] },
    { direction: "out", protocol: "udp", port: "53", destinations: ["::/0"] },
  ];
  return protectedMachineArgs(one, { hostname: `m${port}`, firewall: some(next, rules) });
}

export function machine({ one }: Site, next: Next): Properties {
  const second = { ...ownAddress6(one), address: one.ipv6.replace("::/64", `::${between(next, 16, 9999)}`) };
  return machineArgs(one, some(next, [routedAddress4(one), ownAddress6(one), second]), {
    hostname: `m${between(next, 1, 9999)}`,
    authorizedKeys: coin(next) ? [one.hostKey] : [],
    startAtBoot: coin(next),
    ...(coin(next) ? { dns: [`192.0.2.${between(next, 1, 254)}`] } : {}),
  });
}
