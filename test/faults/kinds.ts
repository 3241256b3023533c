import type { Properties } from "../handlers/driver";
import { bridgeArgs, floatingArgs, hostArgs, machineArgs, ownAddress6, routedAddress4, type Site } from "./arguments";
import type { Declared } from "./stack";
import * as vary from "./vary";

type Args = (site: Site) => Properties | undefined;

/** A kind of change, there and back: each fault leaves the resource where the next one begins. */
export interface FaultKind {
  /** Row of the table; the way back to nothing counts as `destroy`. */
  name: string;
  /** Name of the handlers. */
  handlers: string;
  key: string;
  /** Whether it can cut the connection, so that it has to be confirmed by a new one. */
  cuts: boolean;
  /** How many of the disturbances each boundary has; they take turns. Below 1 some boundaries have none. `--all` has all. */
  share: number;
  /** Whether the first state is that there is nothing. */
  removable?: boolean;
  /** Whether it concerns two hosts. */
  moves?: boolean;
  /** Whether the next `up` goes on with it instead of beginning anew: in between it is neither at the old nor at the new state. */
  resumes?: boolean;
  /** Whether it needs a host of the plain LAN. */
  lan?: boolean;
  /** What the change stands on, in the order in which it is made. */
  stands: (site: Site) => Declared[];
  states: readonly [Args, Args];
  /** Any other arguments, out of random numbers in [0, 1). */
  vary?: (site: Site, next: () => number) => Properties;
}

const absent = (there: Args): Pick<FaultKind, "states" | "removable"> => ({
  states: [() => undefined, there],
  removable: true,
});

const host = (site: Site): Declared => ({ kind: "nspawnHost", key: "host", args: hostArgs(site.one) });
const otherHost = (site: Site): Declared => ({ kind: "nspawnHost", key: "host2", args: hostArgs(site.two) });
const bridge = (site: Site): Declared => ({ kind: "bridgeNetwork", key: "bridge", args: bridgeArgs(site.one) });
const otherBridge = (site: Site): Declared => ({ kind: "bridgeNetwork", key: "bridge2", args: bridgeArgs(site.two) });

const ofMachine = { handlers: "nspawnMachine", key: "machine", cuts: false };
const onBridge = (site: Site): Declared[] => [host(site), bridge(site)];

export const kinds: readonly FaultKind[] = [
  {
    vary: vary.host,
    ...{ name: "first prepare", share: 1, handlers: "nspawnHost", key: "host", cuts: true },
    stands: () => [],
    ...absent((site) => hostArgs(site.one, { sysctls: { "net.core.somaxconn": "2048" } })),
  },
  {
    vary: vary.bridge,
    ...{ name: "bridge", share: 1, handlers: "bridgeNetwork", key: "bridge", cuts: true },
    stands: (site) => [host(site)],
    ...absent((site) => bridgeArgs(site.one)),
  },
  {
    vary: vary.bridge,
    ...{ name: "bridge settings", share: 1, handlers: "bridgeNetwork", key: "bridge", cuts: true },
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
    ...{ name: "transparent uplink", share: 1.5, handlers: "bridgeNetwork", key: "bridge", cuts: true, lan: true },
    stands: (site) => [host(site)],
    ...absent(({ one }) => bridgeArgs(one, { mode: "transparent", uplink: "eth0" })),
  },
];

/** A kind whose host is reached by IPv6 alone. */
export function overIpv6(kind: FaultKind): FaultKind {
  const reached = ({ one, two }: Site): Site => ({ one: { ...one, reachedAt: one.ipv6.replace("::/64", "::1") }, two });
  const [first, second] = kind.states;
  return {
    ...kind,
    name: `${kind.name} over IPv6`,
    stands: (site) => kind.stands(reached(site)),
    states: [(site) => first(reached(site)), (site) => second(reached(site))],
  };
}
