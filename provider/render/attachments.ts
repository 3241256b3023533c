import type { MachineArgs } from "../model/args";
import type { Fact } from "../model/desired";
import { portLine } from "../model/fact/port";
import { knownAttach } from "../model/known-mode";
import type { Attach } from "../model/mode";
import { linkTowards, machinePort } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import { cableFact, cableNetwork } from "./cable";
import { fixedMac } from "./fixed-mac";
import { routeFacts } from "./machine-routes";
import { renderedMode } from "./modes/rendered-modes";
import { machinePortNetwork } from "./port";

/** How a machine is attached to the host. */
interface Attachment {
  /** Keys of systemd.nspawn(5), section Network, for the first network. */
  nspawn: (bridge: string) => Record<string, string>;
  /** systemd.network(5) of the host's end, on a protected bridge. */
  network: (network: PluggedNetwork, mac: string) => string;
  /** The host's end while the machine runs. */
  port: (args: MachineArgs, network: PluggedNetwork) => string;
  /** Whether the routes to the machine are there while it does not run. */
  staysWithout: boolean;
}

const attachments: Record<Attach, Attachment> = {
  bridge: {
    nspawn: (bridge) => ({ Bridge: bridge }),
    network: (network, mac) => machinePortNetwork(network, mac, renderedMode(network.mode).protection),
    port(args, network) {
      const mac = fixedMac(args, network);
      const port = { name: machinePort(network.plug), master: network.bridge, mtu: network.mtu };
      const { protection } = renderedMode(network.mode);
      return portLine(mac === undefined ? port : { ...port, protection, mac });
    },
    staysWithout: true,
  },
  veth: {
    nspawn: () => ({ VirtualEthernet: "yes" }),
    network: ({ plug, mtu }) => cableNetwork(plug, mtu),
    port: (_, { plug, mtu }) => cableFact(plug, mtu),
    staysWithout: false,
  },
};

export const attachment = (attach: Attach | undefined): Attachment => attachments[knownAttach(attach)];

/** Routes, where the host routes to machines: for ever, or while the machine runs. */
export function routesWhile(running: boolean, args: MachineArgs, network: PluggedNetwork): Record<string, Fact> {
  const { plug, bridge, attach, mode } = network;
  if (renderedMode(mode).routes === undefined || attachment(attach).staysWithout === running) return {};
  return routeFacts(args, network, linkTowards(plug, bridge, attach));
}
