import { hostArgs, macvlanBridgeArgs, onMacvlan, subnetMachineArgs, vxlanBridgeArgs } from "./arguments";
import { absent, host, macvlanBridge, ofBridge, ofMachine, proxyingHost, subnetBridge } from "./declared";
import type { FaultKind } from "./kind";
import * as vary from "./vary";

/** Beyond one address of one bridge: networks behind machines, beside bridges, and of several hosts. */
export const widerNetworkKinds: readonly FaultKind[] = [
  {
    ...{ name: "neighbour proxy", share: 0.5, handlers: "nspawnHost", key: "host", cuts: true },
    stands: () => [],
    states: [({ one }) => hostArgs(one), ({ one }) => hostArgs(one, { neighbourProxy: "ndppd" })],
  },
  {
    // The lab's router asks for each address, so somebody has to answer before the machine is there.
    ...{ name: "machine with subnets", share: 0.4, ...ofMachine },
    stands: (site) => [proxyingHost(site), subnetBridge(site)],
    ...absent(({ one }) => subnetMachineArgs(one, [80])),
  },
  {
    ...{ name: "subnets", share: 0.4, ...ofMachine },
    stands: (site) => [proxyingHost(site), subnetBridge(site)],
    states: [({ one }) => subnetMachineArgs(one, [80]), ({ one }) => subnetMachineArgs(one, [96, 112])],
  },
  {
    ...{ name: "macvlan", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent(({ one }) => macvlanBridgeArgs(one)),
  },
  {
    ...{ name: "macvlan beside a bridge", share: 0.4, ...ofBridge },
    stands: (site) => [host(site)],
    states: [({ one }) => macvlanBridgeArgs(one, { macvlan: undefined }), ({ one }) => macvlanBridgeArgs(one)],
  },
  {
    ...{ name: "machine on a macvlan", share: 0.3, ...ofMachine },
    stands: (site) => [host(site), macvlanBridge(site)],
    ...absent(({ one }) => onMacvlan(one)),
  },
  {
    vary: vary.vxlanBridge,
    ...{ name: "vxlan bridge", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent(({ one }) => vxlanBridgeArgs(one, ["198.51.100.201"])),
  },
  {
    ...{ name: "vxlan peers", share: 0.4, ...ofBridge },
    stands: (site) => [host(site)],
    states: [
      ({ one }) => vxlanBridgeArgs(one, ["198.51.100.201", "198.51.100.202"]),
      ({ one }) => vxlanBridgeArgs(one, ["198.51.100.203"]),
    ],
  },
];
