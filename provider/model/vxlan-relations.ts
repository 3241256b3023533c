import { familyOf } from "./address";
import type { BridgeArgs, VxlanArgs } from "./args";
import { modeRules } from "./modes/rules";
import type { Place } from "./read/place";
import { isKnown, isUnknown } from "./unknown";

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
  if (!isUnknown(vxlan)) peerRelations(vxlan, place.key("vxlan").key("peers"));
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
