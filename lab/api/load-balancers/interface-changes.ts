import { ApiError } from "../http/api-error";
import { Fields } from "../http/fields";
import { isPrivateTarget } from "../networks/is-private-target";
import { joinNetwork } from "../networks/join-network";
import { readPlace } from "../networks/read-place";
import { findRow } from "../shared/find-row";
import { readReference } from "../shared/read-reference";
import type { Change } from "./change";
import { leaveNetwork } from "../networks/leave-network";
import { notAttached } from "./require-target";

type Name = "attach_to_network" | "detach_from_network" | "enable_public_interface" | "disable_public_interface";

export const interfaceChanges: Record<Name, Change> = {
  attach_to_network: (call, world, balancer) => {
    const fields = new Fields(call.body);
    const place = readPlace(fields);
    const network = readReference(fields, "network", world.state.networks);
    if (balancer.privateNet) {
      throw new ApiError(422, "load_balancer_already_attached", "load balancer is attached to a network already");
    }
    world.actions.assertFree([`network:${network.id}`]);
    joinNetwork(world, network, balancer.location, place);
    return () => {
      findRow(world.state.networks, network.id, "network");
      // Chosen again now: others may have joined meanwhile.
      balancer.privateNet = { network: network.id, ip: joinNetwork(world, network, balancer.location, place) };
    };
  },
  detach_from_network: (call, world, balancer) => {
    const network = readReference(new Fields(call.body), "network", world.state.networks);
    if (balancer.privateNet?.network !== network.id) throw notAttached();
    return () => leaveNetwork(balancer);
  },
  enable_public_interface: (_call, _world, balancer) => () => {
    balancer.publicInterface = true;
  },
  disable_public_interface: (_call, _world, balancer) => {
    if (!balancer.privateNet) throw notAttached();
    if (balancer.targets.some((target) => !isPrivateTarget(target))) {
      const message = "load balancer has targets that use the public IP";
      throw new ApiError(422, "targets_without_use_private_ip", message);
    }
    return () => {
      balancer.publicInterface = false;
    };
  },
};
