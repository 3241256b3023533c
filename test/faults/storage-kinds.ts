import { bridgeArgs, hostArgs, machineArgs, ownAddress6, type Site } from "./arguments";
import { absent, ofMachine } from "./declared";
import type { FaultKind } from "./kind";
import type { Declared } from "./stack";

const storage = { type: "btrfs", size: "2G" };
const stored = ({ one }: Site): Declared => ({ kind: "nspawnHost", key: "host", args: hostArgs(one, { storage }) });
const onStored = ({ one }: Site): Declared => ({ kind: "bridgeNetwork", key: "bridge", args: bridgeArgs(one) });

/** What holds the trees of machines, and machines in it. A file system that has grown stays so, and is no kind here. */
export const storageKinds: readonly FaultKind[] = [
  {
    ...{ name: "storage", share: 0.5, handlers: "nspawnHost", key: "host", cuts: true },
    stands: () => [],
    states: [({ one }) => hostArgs(one), ({ one }) => hostArgs(one, { storage })],
  },
  {
    ...{ name: "machine in storage", share: 0.4, ...ofMachine },
    stands: (site) => [stored(site), onStored(site)],
    ...absent(({ one }) => machineArgs(one, [ownAddress6(one)])),
  },
];
