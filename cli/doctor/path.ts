import type { Machine } from "../stack/machines";
import type { Facts } from "./facts";
import { filterHop } from "./filter-hop";
import { guestAddressHop, guestGatewayHop, guestRouteHop, machineHop } from "./guest-hops";
import type { Hop } from "./hop";
import {
  answersHop,
  assignmentHop,
  bridgeHop,
  forwardingHop,
  portHop,
  routedTo,
  routeHop,
  uplinkHop,
  uplinkOf,
} from "./host-hops";

/** The packet's path to a machine and back, hop by hop, in its order. Pure. */
export function pathOf(machine: Machine, facts: Facts): Hop[] {
  const { networks } = machine;
  const addresses = networks.flatMap((network) => network.addresses);
  const families = (["ipv4", "ipv6"] as const).filter((family) => addresses.some((one) => one.family === family));
  const uplink = uplinkOf(machine, facts);
  return [
    ...addresses.map(assignmentHop),
    uplinkHop(uplink, facts),
    ...addresses.map((address) => answersHop(address, uplink, facts)),
    ...families.map((family) => forwardingHop(family, facts)),
    filterHop(machine, uplink, facts),
    ...networks.map((network) => bridgeHop(network, facts)),
    ...networks.flatMap((network) => {
      const link = routedTo(machine.name, network);
      return network.addresses.map((address) => routeHop(address, link, facts));
    }),
    ...networks.slice(0, 1).map((network) => portHop(machine.name, network, facts)),
    machineHop(machine, facts),
    ...addresses.map((address) => guestAddressHop(address, machine.name, facts)),
    ...families.map((family) => guestRouteHop(machine, family, facts)),
    ...families.map((family) => guestGatewayHop(machine, family, facts)),
  ];
}
