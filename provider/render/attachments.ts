import type { MachineArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { insideLine } from "../model/fact/inside";
import { portLine } from "../model/fact/port";
import { knownAttach } from "../model/known-mode";
import type { Attach, MachineAttach } from "../model/mode";
import { linkTowards, machinePort, machinePortFile } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import { wiredNames } from "../model/wired";
import { cableFact, cableNetwork } from "./cable";
import { bridgeAwaited, linkAwaited } from "./filter/filter-script";
import { filterGuard } from "./filter/filter-units";
import { fixedMac, macOn } from "./fixed-mac";
import { routeFacts } from "./machine-routes";
import { renderedMode } from "./modes/rendered-modes";
import { machinePortNetwork, plainPortNetwork } from "./port";

/** How a machine is attached to the host. */
interface Attachment {
  /** Keys of systemd.nspawn(5), section Network. */
  nspawn: (network: PluggedNetwork) => NspawnKeys;
  /** Files of networkd about the host's end. @param mac of a machine on a protected bridge */
  files: (network: PluggedNetwork, mac: string | undefined) => Record<string, string>;
  /** MAC address that the machine gives its interface; absent: systemd-nspawn's choice. */
  mac: (args: MachineArgs, network: PluggedNetwork) => string | undefined;
  /** What the machine's unit runs before it starts; likewise. */
  before: (network: PluggedNetwork, mac: string | undefined) => string | string[];
  /** The host's end while the machine runs; a macvlan has none. */
  port: (args: MachineArgs, network: PluggedNetwork) => string | undefined;
  /** What the machine has instead of it. */
  inside?: (network: PluggedNetwork) => string;
  /** Whether the routes to the machine are there while it does not run. */
  staysWithout: boolean;
}

/** Of the first two a machine has one, of its first network. */
interface NspawnKeys {
  Bridge?: string;
  VirtualEthernet?: string;
  VirtualEthernetExtra?: string;
  MACVLAN?: string;
}

/** `Bridge=` and `VirtualEthernet=` are for one network, by the machine's name; other cables have names of their own. */
const pair = (attach: Attach, { bySystemd, plug, inside }: PluggedNetwork, first: NspawnKeys): NspawnKeys =>
  bySystemd ? first : { VirtualEthernetExtra: `${machinePort(plug, attach)}:${inside}` };

const awaited = (awaits: string): string => `/usr/bin/timeout 30 /bin/sh -c '${awaits}'`;

const bridgeOrFilter =
  (attach: Attach): Attachment["before"] =>
  ({ bridge, plug }, mac) =>
    mac === undefined ? awaited(bridgeAwaited(bridge)) : filterGuard(bridge, plug, attach);

const attachments: Record<MachineAttach, Attachment> = {
  bridge: {
    nspawn: (network) => pair("bridge", network, { Bridge: network.bridge }),
    files: portFile,
    mac: fixedMac,
    before: bridgeOrFilter("bridge"),
    port(args, network) {
      const mac = fixedMac(args, network);
      const port = { name: machinePort(network.plug), master: network.bridge, mtu: network.mtu };
      const { protection } = renderedMode(network.mode);
      return portLine(mac === undefined ? port : { ...port, protection, mac });
    },
    staysWithout: true,
  },
  macvlan: {
    // With a name of its own the interface has that: systemd 253 and later.
    nspawn: ({ macvlan, interface: own }) => ({ MACVLAN: own === undefined ? macvlan : `${macvlan}:${own}` }),
    files: () => ({}),
    mac: macOn,
    before: beforeMacvlan,
    port: () => undefined,
    inside: ({ inside: name, macvlan = "" }) => insideLine({ name, macvlan }),
    staysWithout: true,
  },
  veth: {
    nspawn: (network) => pair("veth", network, { VirtualEthernet: "yes" }),
    files: ({ plug, mtu }) => ({ [machinePortFile(plug, "veth")]: cableNetwork(plug, mtu) }),
    mac: fixedMac,
    before: bridgeOrFilter("veth"),
    port: (_, { plug, mtu }) => cableFact(plug, mtu),
    staysWithout: false,
  },
};

export const attachment = (attach: MachineAttach | undefined): Attachment => attachments[knownAttach(attach)];

/**
 * The macvlan of its last run goes with a network namespace, some time after the machine's end; until then its MAC address is in
 * use, and the kernel lets no other interface with it come up. The wait is no condition: somebody else may have that address.
 */
function beforeMacvlan({ macvlan = "" }: PluggedNetwork, mac: string | undefined): string[] {
  const { lower } = wiredNames(macvlan);
  const isHeld = `/usr/sbin/bridge fdb show dev ${lower} | grep -q "^${mac} "`;
  return [awaited(linkAwaited(macvlan)), `-/usr/bin/timeout 10 /bin/sh -c 'while ${isHeld}; do sleep 0.1; done'`];
}

/** On a bridge that protects nobody systemd-nspawn's own port needs no word, unless its size is given or the host is not there. */
function portFile(network: PluggedNetwork, mac: string | undefined): Record<string, string> {
  const path = machinePortFile(network.plug);
  const { protection, unheard = false } = renderedMode(network.mode);
  if (mac !== undefined) return { [path]: machinePortNetwork(network, mac, protection) };
  const needsWord = unheard || !network.bySystemd || network.mtu !== undefined;
  return needsWord ? { [path]: plainPortNetwork(network, !unheard) } : {};
}

/** Routes, where the host routes to machines: for ever, or while the machine runs. */
export function routesWhile(running: boolean, args: MachineArgs, network: PluggedNetwork): Record<string, Fact> {
  const { plug, bridge, attach, mode } = network;
  if (renderedMode(mode).routes === undefined || attachment(attach).staysWithout === running) return {};
  return routeFacts(args, network, linkTowards(plug, bridge, attach));
}
