import { isolatedBridgeArgs, natBridgeArgs, natMachineArgs, onTwoNetworks, protectedMachineArgs } from "./arguments";
import { absent, host, isolatedBridge, natBridge, ofBridge, ofMachine, protectedBridge } from "./declared";
import type { FaultKind } from "./kind";
import * as vary from "./vary";

/** Networks that the host has to itself: it translates them, or machines are alone on them. */
export const ownNetworkKinds: readonly FaultKind[] = [
  {
    vary: vary.natBridge,
    ...{ name: "nat bridge", share: 0.5, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent(({ one }) => natBridgeArgs(one)),
  },
  {
    ...{ name: "nat machine", share: 0.4, ...ofMachine },
    stands: (site) => [host(site), natBridge(site)],
    states: [
      ({ one }) => natMachineArgs(one, []),
      ({ one }) => natMachineArgs(one, [{ protocol: "tcp", host: 8080, machine: 80 }]),
    ],
  },
  {
    ...{ name: "isolated bridge", share: 0.3, ...ofBridge },
    stands: (site) => [host(site)],
    ...absent(({ one }) => isolatedBridgeArgs(one)),
  },
  {
    ...{ name: "second network", share: 0.4, ...ofMachine },
    stands: (site) => [host(site), protectedBridge(site), isolatedBridge(site)],
    states: [({ one }) => protectedMachineArgs(one), ({ one }) => onTwoNetworks(one)],
  },
];
