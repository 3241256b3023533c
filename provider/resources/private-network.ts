import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateNetworkArgs } from "../model/args";
import type { Host } from "./host";

/**
 * A server's place in a private network at Hetzner: an `hcloud.ServerNetwork`, or one of the `networks` of an `hcloud.Server`.
 */
export interface ServerPlace {
  /** The server's own address there: the machines' gateway. */
  ip: pulumi.Input<string>;
  /** Of the server's interface there, by which the host finds it. */
  macAddress: pulumi.Input<string>;
  /** The `hcloud.Network`. */
  networkId: pulumi.Input<number>;
}

/** The same when it is known only later, as `server.networks` is. */
export function placeOf(
  place: ServerPlace | pulumi.Output<pulumi.Unwrap<ServerPlace>> | undefined,
): ServerPlace | undefined {
  if (!pulumi.Output.isInstance(place)) return place;
  return {
    ip: place.apply(({ ip }) => ip),
    macAddress: place.apply(({ macAddress }) => macAddress),
    networkId: place.apply(({ networkId }) => networkId),
  };
}

/** Inputs of a bridge. A server without a public address has this one as its own. */
export function privateInputs(
  host: Host,
  place: ServerPlace | undefined,
  network: pulumi.Output<string | undefined>,
): pulumi.Output<PrivateNetworkArgs> | undefined {
  if (place === undefined) return undefined;
  return pulumi.all([place.macAddress, place.ip, network, host.ipv4]).apply(([macAddress, address, known, own]) => ({
    ...{ macAddress, address },
    ...(known === undefined ? {} : { network: known }),
    ...(own === address ? { only: true } : {}),
  }));
}

/**
 * The route of the private network to the machines of one server: one for all of them, because a network has 100 at most.
 *
 * @param network of the machines, in CIDR form; without it they have aliases of the server
 */
export function routeTo(
  name: string,
  place: ServerPlace | undefined,
  network: pulumi.Input<string> | undefined,
  parent: pulumi.Resource,
): void {
  if (place === undefined || network === undefined) return;
  const args = { networkId: place.networkId, destination: network, gateway: place.ip };
  // Hetzner knows each destination once, so the old one has to go first.
  new hcloud.NetworkRoute(name, args, { parent, deleteBeforeReplace: true });
}
