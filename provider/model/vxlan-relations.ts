import { familyOf } from "./address";
import type { BridgeArgs, VxlanArgs, WireguardArgs } from "./args";
import { inMesh, meshMtu, wireguardPort } from "./mesh";
import { modeRules } from "./modes/rules";
import type { Place } from "./read/place";
import { isKnown, isUnknown } from "./unknown";
import { overheadOf, vxlanPort } from "./vxlan";

/** What has to hold between a tunnel and the rest of its bridge, as far as it is known. */
export function vxlanRelations(args: BridgeArgs, place: Place): void {
  const { vxlan, mode, isolation, allowBetween, mtu } = args;
  if (vxlan === undefined) return;
  const refusal = isUnknown(mode) ? undefined : modeRules[mode].noVxlan;
  if (refusal !== undefined) place.key("vxlan").refuse(refusal);
  if (isolation === "none")
    place
      .key("isolation")
      .refuse('must be "tenant" with vxlan (got "none"): without a filter anybody could send into it');
  if (allowBetween === "none")
    place
      .key("allowBetween")
      .refuse('must be "all" with vxlan (got "none"): machines that reach nobody need no tunnel');
  if (mtu === undefined) place.key("mtu").refuse("is required with vxlan: frames have to fit into packets");
  if (isUnknown(vxlan)) return;
  peerRelations(vxlan, place.key("vxlan").key("peers"));
  if (!isKnown(vxlan.wireguard)) return;
  meshRelations(vxlan, vxlan.wireguard, place.key("vxlan").key("wireguard"));
  meshSize(mtu, place.key("mtu"));
}

/** RFC 8200, 5: the mesh is a link with IPv6, whatever its frames have. */
function meshSize(mtu: number | undefined, place: Place): void {
  const least = 1280 - overheadOf(inMesh);
  if (isKnown(mtu) && meshMtu(mtu) < 1280)
    place.refuse(`must be at least ${least} with encrypt, because packets of the tunnel are IPv6 (got ${mtu})`);
}

function meshRelations({ peers, port = vxlanPort }: VxlanArgs, wireguard: WireguardArgs, place: Place): void {
  const { key, peers: keys, port: own = wireguardPort } = wireguard;
  if (isKnown(own) && own === port)
    place.key("port").refuse(`must be another port than VXLAN's on the same host (got ${own})`);
  if (!Array.isArray(keys)) return;
  if (Array.isArray(peers) && keys.length !== peers.length)
    place.key("peers").refuse(`must have a key for each of the ${peers.length} peers (got ${keys.length})`);
  keys.forEach((other, index) => {
    if (isKnown(other) && other === key)
      place.key("peers").index(index).refuse("is this host's own key; each host makes its own");
  });
}

function peerRelations({ local, peers }: VxlanArgs, place: Place): void {
  if (!isKnown(local) || !Array.isArray(peers)) return;
  peers.forEach((peer, index) => {
    if (!isKnown(peer)) return;
    if (peer === local) place.index(index).refuse(`${peer} is this host's own address; peers are the other hosts`);
    else if (familyOf(peer) !== familyOf(local))
      place
        .index(index)
        .refuse(`${peer} is not of the family of ${local}, from where this host sends; a tunnel has one family`);
  });
}
