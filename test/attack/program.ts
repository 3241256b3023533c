import type * as nspawn from "../../provider";
import type { Combination } from "./combination";
import { guestImage } from "./image";
import type { Isolation, Mode } from "./mode";
import type { Server } from "./server";

/** What stands on hosts at a time. */
export interface Standing {
  mode: Mode;
  /** The host, and where the network is on two, the other one. */
  servers: readonly Server[];
  combination: Combination;
  isolation: Isolation;
}

/** Whether each machine has a cable of its own. */
export const hasCables = ({ mode, isolation }: Standing): boolean => mode.cables === true && isolation !== "none";

/** Its machines. */
export const machinesOf = (standing: Standing): string[] => [
  ...["a", "b", "c"],
  ...besideOf(standing).map(({ machine }) => machine),
];

/** Machines that are routers of a network of their own. */
export const routersOf = ({ combination }: Standing): string[] => (combination.subnets === true ? ["a", "b"] : []);

function besideOf({ mode, combination }: Standing): NonNullable<Mode["beside"]> {
  if (combination.twoBridges !== true) return [];
  return mode.beside ?? [{ machine: "d", bridge: "br1", network: mode.network, plug: mode.plug }];
}

/** Arguments of the bridges of a host, by its place; without isolation policies have no meaning, so they are left out. */
function networkOf(standing: Standing, index: number): object {
  const { mode, servers, combination, isolation } = standing;
  const peers = servers.flatMap(({ host }, place) => (place === index ? [] : [host.ipv4]));
  return {
    ...{ isolation: mode.always ?? isolation, attach: hasCables(standing) ? "veth" : "bridge" },
    ...(isolation === "none" ? {} : combination.network),
    ...(mode.tunnel === undefined ? {} : { vxlan: { id: mode.tunnel.id, peers } }),
  };
}

/** What a user writes. */
export function program(library: typeof nspawn, standing: Standing): void {
  const { mode, servers, combination, isolation } = standing;
  const proxy = combination.subnets === true ? ({ neighbourProxy: "ndppd" } as const) : {};
  const hosts = servers.map(({ host: { ipv4, ipv6, hostKey } }, index) => {
    // The image is planted before the host is prepared.
    const storage = { type: "directory" } as const;
    const args = { ssh: { host: ipv4, hostKey }, ipv6Network: ipv6, storage, ...proxy };
    return new library.NspawnHost(["host", "peer"][index] ?? "", args);
  });
  const bridge = (name: string, index: number, own: object): nspawn.BridgeNetwork =>
    new library.BridgeNetwork(index === 0 ? name : `${name}-${index}`, {
      ...{ host: hosts[index]!, bridge: name, ...own },
    });
  const bridges = hosts.map((_, index) => bridge("br0", index, { ...networkOf(standing, index), ...mode.network }));
  const beside = besideOf(standing).map(({ machine, bridge: name, network, plug }) => {
    const common = mode.beside === undefined ? networkOf(standing, 0) : {};
    return [machine, { network: bridge(name, 0, { ...common, ...network }), plug }] as const;
  });
  const others = new Map(beside);
  const image = library.image.debootstrap(guestImage);
  for (const [index, name] of machinesOf(standing).entries()) {
    const at = mode.tunnel?.far.includes(name) === true ? 1 : 0;
    const { network, plug } = others.get(name) ?? { network: bridges[at]!, plug: mode.plug };
    const subnets = routersOf(standing).includes(name) ? { subnets: [network.subnetFor(`behind-${name}`, 80)] } : {};
    const networks = [{ network, ...plug(network, name, servers[0]?.addresses[index]), ...subnets }];
    const more = isolation === "none" ? {} : combination.machines?.[name];
    new library.NspawnMachine(name, { host: hosts[at]!, networks, image, onDelete: "delete", ...more });
  }
}
