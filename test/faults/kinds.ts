import {
  bridgeArgs,
  floatingArgs,
  hostArgs,
  machineArgs,
  ownAddress6,
  protectedBridgeArgs,
  protectedMachineArgs,
  routedAddress4,
  type Site,
} from "./arguments";
import { absent, bridge, host, ofBridge, ofMachine, otherBridge, otherHost, protectedBridge } from "./declared";
import type { FaultKind } from "./kind";
import { ownNetworkKinds } from "./own-network-kinds";
import type { Declared } from "./stack";
import { storageKinds } from "./storage-kinds";
import * as vary from "./vary";
import { widerNetworkKinds } from "./wider-network-kinds";

const services = [{ protocol: "tcp", port: 8080 }];
const rules = [{ direction: "in", protocol: "tcp", port: "80", sources: ["0.0.0.0/0", "::/0"] }];
/** As a program has it that says nothing of it; all other hosts have a directory. */
const chosen = { storage: { type: "auto" } };
const onBridge = (site: Site): Declared[] => [host(site), bridge(site)];

export const kinds: readonly FaultKind[] = [
  {
    vary: vary.host,
    ...{ name: "first prepare", share: 1, handlers: "nspawnHost", key: "host", cuts: true },
    stands: () => [],
    ...absent((site) => hostArgs(site.one, { ...chosen, sysctls: { "net.core.somaxconn": "2048" } })),
  },
  {
    vary: vary.bridge,
    ...{ name: "bridge", share: 1, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent((site) => bridgeArgs(site.one)),
  },
  {
    vary: vary.bridge,
    ...{ name: "bridge settings", share: 1, ...ofBridge },
    stands: (site) => [host(site)],
    states: [(site) => bridgeArgs(site.one, { mtu: 1450 }), (site) => bridgeArgs(site.one, { mtu: 1400 })],
  },
  {
    vary: vary.machine,
    ...{ name: "routed IPv4", share: 0.5, ...ofMachine },
    stands: onBridge,
    states: [({ one }) => machineArgs(one, []), ({ one }) => machineArgs(one, [routedAddress4(one)])],
  },
  {
    vary: vary.machine,
    ...{ name: "routed IPv6", share: 0.5, ...ofMachine },
    stands: onBridge,
    states: [({ one }) => machineArgs(one, []), ({ one }) => machineArgs(one, [ownAddress6(one)])],
  },
  {
    vary: vary.machine,
    ...{ name: "machine", share: 0.75, ...ofMachine },
    stands: onBridge,
    ...absent(({ one }) => machineArgs(one, [ownAddress6(one)])),
  },
  {
    vary: vary.machine,
    ...{ name: "machine settings", share: 0.5, ...ofMachine },
    stands: onBridge,
    states: [
      ({ one }) => machineArgs(one, [ownAddress6(one)]),
      ({ one }) => machineArgs(one, [ownAddress6(one)], { hostname: "other", authorizedKeys: [one.hostKey] }),
    ],
  },
  {
    ...{ name: "machine's restarts and order", share: 0.3, ...ofMachine },
    stands: onBridge,
    states: [
      ({ one }) => machineArgs(one, []),
      ({ one }) =>
        machineArgs(one, [], { restart: "on-failure", restartDelay: 5, startAfter: ["db"], health: { manager: true } }),
    ],
  },
  {
    ...{
      name: "floating address moved",
      share: 0.67,
      handlers: "floatingIp",
      key: "floating",
      cuts: false,
      moves: true,
    },
    stands: (site) => [host(site), otherHost(site)],
    states: [(site) => floatingArgs(site.one), (site) => floatingArgs(site.two)],
  },
  {
    ...{ name: "machine moved", share: 0.3, ...ofMachine, moves: true, resumes: true },
    stands: (site) => [host(site), otherHost(site), bridge(site), otherBridge(site)],
    states: [({ one }) => machineArgs(one, [ownAddress6(one)]), ({ two }) => machineArgs(two, [ownAddress6(two)])],
  },
  {
    ...{ name: "transparent uplink", share: 1.5, ...ofBridge, lan: "lan" },
    stands: (site) => [host(site)],
    ...absent(({ one }) => bridgeArgs(one, { mode: "transparent", uplink: "eth0" })),
  },
  {
    vary: vary.protectedBridge,
    ...{ name: "protected bridge", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent(({ one }) => protectedBridgeArgs(one, { allowBetween: "none", hostServices: services })),
  },
  {
    ...{ name: "isolation", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    states: [({ one }) => bridgeArgs(one), ({ one }) => protectedBridgeArgs(one)],
  },
  {
    ...{ name: "cables", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    states: [({ one }) => protectedBridgeArgs(one), ({ one }) => protectedBridgeArgs(one, { attach: "veth" })],
  },
  {
    vary: vary.protectedMachine,
    ...{ name: "firewall", share: 0.4, ...ofMachine },
    stands: (site) => [host(site), protectedBridge(site)],
    states: [({ one }) => protectedMachineArgs(one), ({ one }) => protectedMachineArgs(one, { firewall: rules })],
  },
  ...ownNetworkKinds,
  ...widerNetworkKinds,
  ...storageKinds,
  {
    ...{ name: "first prepare, networkd", share: 0.5, handlers: "nspawnHost", key: "host", cuts: true },
    lan: "lan-networkd",
    stands: () => [],
    ...absent((site) => hostArgs(site.one, chosen)),
  },
  {
    ...{ name: "transparent uplink, networkd", share: 1, ...ofBridge, lan: "lan-networkd" },
    stands: (site) => [host(site)],
    ...absent(({ one }) => protectedBridgeArgs(one, { mode: "transparent", uplink: "eth0" })),
  },
];
