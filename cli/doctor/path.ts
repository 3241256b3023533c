import type { Machine, MachineNetwork } from "../stack/machines";
import type { Facts } from "./facts";
import { foreignFilterHop } from "./filter-hop";
import {
  guestAddressHop,
  guestAnswerHop,
  guestFirewallHop,
  guestGatewayHop,
  guestRouteHop,
  isDownAsDeclared,
  machineHop,
} from "./guest-hops";
import { after, type Hop } from "./hop";
import { answersHop, assignmentHop, bridgeHop, ownFilterHop, portHop, uplinkHop, uplinkOf } from "./host-hops";
import { forwardingHop, routedTo, routeHop, routeOutHop } from "./route-hops";

type Family = "ipv4" | "ipv6";

/**
 * The packet's path to a machine and back, hop by hop, in its order. A hop that is as it is because of an earlier one is
 * not judged, so what is broken is named once. Pure.
 */
export function pathOf(machine: Machine, facts: Facts): Hop[] {
  const { networks } = machine;
  const addresses = networks.flatMap((network) => network.addresses);
  const families = (["ipv4", "ipv6"] as const).filter((family) => addresses.some((one) => one.family === family));
  const self = machineHop(machine, facts);
  const down = isDownAsDeclared(machine, facts);
  const outside = [...hostHops(machine, self, facts), ...networks.flatMap((network) => bridgeHops(network, facts))];
  const routes = networks.flatMap((network) => routeHops(machine, network, [self, ...outside], facts));
  if (down) return [...outside, ...routes, self];
  const port = networks.slice(0, 1).map((network) => after(portHop(machine.name, network, facts), [self, ...outside]));
  const way = [...outside, ...routes, ...port];
  return [...way, self, ...families.flatMap((family) => guestHops(machine, family, [...way, self], facts))];
}

/** From the provider to where the host takes packets in. */
function hostHops(machine: Machine, self: Hop, facts: Facts): Hop[] {
  const [first] = machine.networks;
  const lan = first?.mode === "transparent" ? first.bridge : undefined;
  const uplink = uplinkOf(machine, facts);
  const hop = uplinkHop(uplink, lan, facts);
  if (lan !== undefined) return [hop, foreignFilterHop(machine, uplink, facts)];
  const addresses = machine.networks.flatMap((network) => network.addresses);
  const families = (["ipv4", "ipv6"] as const).filter((family) => addresses.some((one) => one.family === family));
  return [
    ...addresses.map(assignmentHop),
    hop,
    ...addresses.map((address) => after(answersHop(address, uplink, facts), [hop])),
    ...families.map((family) => forwardingHop(family, facts)),
    foreignFilterHop(machine, uplink, facts),
  ];
}

function bridgeHops(network: MachineNetwork, facts: Facts): Hop[] {
  return [bridgeHop(network, facts), ...(network.isolation === "tenant" ? [ownFilterHop(network, facts)] : [])];
}

/** A machine's own cable is there only while it runs. */
function routeHops(machine: Machine, network: MachineNetwork, before: Hop[], facts: Facts): Hop[] {
  const own = network.attach === "veth";
  if (network.mode === "transparent" || (own && isDownAsDeclared(machine, facts))) return [];
  const link = routedTo(machine.name, network);
  return network.addresses.flatMap((address) => {
    const known = before.filter(({ hop, subject }) => {
      if (hop === "machine") return own;
      return hop === "uplink" || hop === "bridge" || (hop === "forwarding" && subject === address.family);
    });
    const inward = after(routeHop(address, link, facts), known);
    return [inward, after(routeOutHop(machine, address, link, facts), [...known, inward])];
  });
}

/** Inside of the machine, per family: what concerns the other family alone explains nothing. */
function guestHops(machine: Machine, family: Family, way: Hop[], facts: Facts): Hop[] {
  const all = machine.networks.flatMap((network) => network.addresses);
  const addresses = all.filter((address) => address.family === family);
  const others = all.filter((address) => address.family !== family).map(({ address }) => address);
  const foreign = [...others, family === "ipv4" ? "ipv6" : "ipv4"];
  // What stands between the provider and the host concerns nothing inside.
  const known = way.filter(
    ({ hop, subject }) => !["assignment", "uplink", "uplink answers"].includes(hop) && !foreign.includes(subject),
  );
  const has = addresses.map((address) => after(guestAddressHop(address, machine.name, facts), known));
  const route = after(guestRouteHop(machine, family, facts), [...known, ...has]);
  const firewall = after(guestFirewallHop(machine, family, facts), [...known, ...has, route]);
  const before = [...known, ...has, route, firewall];
  const gateway = after(guestGatewayHop(machine, family, facts), before);
  const answers = addresses.map((address) => after(guestAnswerHop(address, machine, facts), [...before, gateway]));
  return [...has, route, firewall, gateway, ...answers];
}
