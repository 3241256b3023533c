import { Address4 } from "ip-address";
import type { BridgeArgs, PrivateNetworkArgs } from "./args";
import type { Attach } from "./mode";
import { isolationRules, modeRules } from "./modes/rules";
import { isPrivateAddress } from "./private-address";
import type { Place } from "./read/place";
import { isKnown, isUnknown } from "./unknown";

/** Bytes of a packet in a private network at Hetzner. */
export const privateMtu = 1450;

/** Why a bridge whose machines are attached like that is on none. */
const noPrivateNetwork: Record<Attach, string | undefined> = {
  bridge: undefined,
  veth: 'must be "bridge" with privateNetwork (got "veth"): the host\'s rules for where packets go name the bridge',
};

/** What has to hold between a private network and the rest of its bridge, as far as it is known. */
export function privateRelations(args: BridgeArgs, place: Place): void {
  const { privateNetwork, mode, isolation, attach } = args;
  if (privateNetwork === undefined) return;
  const refusals = {
    privateNetwork: isUnknown(mode) ? undefined : modeRules[mode].noPrivateNetwork,
    isolation: isUnknown(isolation) ? undefined : isolationRules[isolation].noPrivateNetwork,
    attach: isUnknown(attach) ? undefined : noPrivateNetwork[attach],
  };
  for (const [key, refusal] of Object.entries(refusals)) if (refusal !== undefined) place.key(key).refuse(refusal);
  sizeRelations(args, place);
  if (!isUnknown(privateNetwork)) addressRelations(privateNetwork, place.key("privateNetwork"));
}

function sizeRelations({ ipv6, mtu }: BridgeArgs, place: Place): void {
  if (ipv6 !== undefined)
    place.key("ipv6").refuse("must be left out with privateNetwork: Hetzner's private networks have no IPv6");
  if (mtu === undefined || (isKnown(mtu) && mtu > privateMtu))
    place
      .key("mtu")
      .refuse(
        `must be ${privateMtu} at most with privateNetwork (got ${mtu ?? "none"}): packets there have no more bytes`,
      );
}

function addressRelations({ address, network }: PrivateNetworkArgs, place: Place): void {
  if (isKnown(address) && !isPrivateAddress(address))
    place
      .key("address")
      .refuse(`must be a private address (got ${address}): give the server's place in an hcloud.Network`);
  if (!isKnown(network)) return;
  const machines = new Address4(network);
  if (
    !isPrivateAddress(machines.startAddress().correctForm()) ||
    !isPrivateAddress(machines.endAddress().correctForm())
  )
    place.key("network").refuse(`must be of private addresses (got ${network}): Hetzner's networks route no others`);
  else if (isKnown(address) && new Address4(address).isInSubnet(machines))
    place
      .key("network")
      .refuse(
        `has the server's own address ${address} in it (got ${network}): it must lie in no subnet of the hcloud.Network`,
      );
}
