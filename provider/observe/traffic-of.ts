import { familyOf } from "../model/address";
import type { BridgeArgs, MachineNetworkArgs } from "../model/args";
import { knownAttach, knownMode } from "../model/known-mode";
import type { Attach, Mode } from "../model/mode";
import { endsOf, wireguardPort } from "../model/mesh";
import { linkTowards, meshLink } from "../model/paths";
import { plugOf } from "../model/plugged";
import { vxlanPort } from "../model/vxlan";
import type { Traffic } from "./netfilter/traffic";
import type { Underlay } from "./netfilter/underlay";

type Family = Traffic["families"][number];

/**
 * Whether traffic is bridged past the host's own forwarding; then it has both families, whatever addresses are given.
 * `undefined`: none leaves the bridge.
 */
const bridged: Record<Mode, boolean | undefined> = {
  isolated: undefined,
  nat: false,
  routed: false,
  transparent: true,
};

/** Whether the host leases the machines' addresses. */
const leased: Record<Mode, true | undefined> = {
  ...{ isolated: undefined, nat: true, routed: undefined, transparent: undefined },
};

/** The links to all machines of a bridge. */
const links: Record<Attach, (bridge: string) => string> = { bridge: (bridge) => bridge, veth: () => "ve-*" };

const families = (of: (family: Family) => boolean): Family[] => (["ipv4", "ipv6"] as const).filter(of);

/** The traffic of all machines of a network. */
export function trafficOfBridge(args: BridgeArgs): Omit<Traffic, "uplink">[] {
  const { bridge, attach, mode } = args;
  const isBridged = bridged[knownMode(mode)];
  if (isBridged === undefined) return [];
  return [
    {
      link: links[knownAttach(attach)](bridge),
      families: families(
        (family) => isBridged || args[family] !== undefined || (family === "ipv4" && args.lan4 !== undefined),
      ),
      bridged: isBridged,
      leases: leased[knownMode(mode)],
    },
  ];
}

/** What other hosts send to this one: packets of VXLAN, or of WireGuard with those in it. */
export function underlaysOf({ vxlan }: Pick<BridgeArgs, "vxlan">): Underlay[] {
  if (vxlan === undefined) return [];
  const { id, local, peers, port = vxlanPort, wireguard } = vxlan;
  if (wireguard === undefined) return [{ what: "VXLAN", local, peers, port }];
  return [
    { what: "WireGuard", local, peers, port: wireguard.port ?? wireguardPort },
    { what: "VXLAN", link: meshLink(id), ...endsOf(vxlan), port },
  ];
}

/** A machine as far as its traffic goes. */
interface Attached {
  name: string;
  networks: (Pick<MachineNetworkArgs, "bridge" | "mode" | "attach"> & { addresses: { address: string }[] })[];
}

/** The traffic of one machine, by network. */
export function trafficOfMachine({ name, networks }: Attached): Omit<Traffic, "uplink">[] {
  return networks.flatMap(({ bridge, mode, attach, addresses: given }, index) => {
    const isBridged = bridged[knownMode(mode)];
    if (isBridged === undefined) return [];
    const addresses = given.map(({ address }) => address);
    return {
      link: linkTowards(plugOf(name, index), bridge, attach),
      families: families((family) => isBridged || addresses.some((address) => familyOf(address) === family)),
      bridged: isBridged,
      leases: leased[knownMode(mode)],
      addresses,
    };
  });
}
