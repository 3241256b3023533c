import type { BridgeArgs } from "../model/args";
import { wiredLine } from "../model/fact/wired";
import { netdevFile, networkFile } from "../model/paths";
import { wiredNames } from "../model/wired";
import { givenAloneUnheard } from "./bridge";
import { type Section, ini } from "./ini";

/**
 * The files of a macvlan and of the veth pair that connects it to its bridge, S3.09–S3.13: one end is a port, the macvlan is
 * on the other. systemd.netdev(5), systemd.network(5). The host has no address on any of them.
 */
export function macvlanFiles({ bridge, macvlan, mtu: size }: BridgeArgs): Record<string, string> {
  if (macvlan === undefined) return {};
  const { port, lower } = wiredNames(macvlan);
  const mtu = size?.toString();
  const linkOf = (name: string): Section[] => [
    ["Match", { Name: name }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu }],
  ];
  return {
    [netdevFile(macvlan)]: ini([
      ["NetDev", { Name: macvlan, Kind: "macvlan", MTUBytes: mtu }],
      ["MACVLAN", { Mode: "bridge" }],
    ]),
    [networkFile(macvlan)]: ini([...linkOf(macvlan), ["Network", givenAloneUnheard]]),
    [netdevFile(port)]: ini([
      ["NetDev", { Name: port, Kind: "veth", MTUBytes: mtu }],
      ["Peer", { Name: lower }],
    ]),
    [networkFile(port)]: ini([...linkOf(port), ["Network", { Bridge: bridge, LinkLocalAddressing: "no", LLDP: "no" }]]),
    [networkFile(lower)]: ini([...linkOf(lower), ["Network", { ...givenAloneUnheard, MACVLAN: macvlan }]]),
  };
}

/** Among the live facts: the three links as they have to be. */
export function macvlanFacts({ bridge, macvlan, mtu }: BridgeArgs): string[] {
  if (macvlan === undefined) return [];
  const { port, lower } = wiredNames(macvlan);
  return [
    wiredLine({ name: macvlan, kind: "macvlan", up: true, lower, mtu }),
    wiredLine({ name: port, kind: "veth", up: true, master: bridge, mtu }),
    wiredLine({ name: lower, kind: "veth", up: true, mtu }),
  ];
}
