import type { Machine, MachineNetwork } from "../stack/machines";
import { foreignFilterHop } from "./filter-hop";
import { isAlone, isFiltered, isOnLan, isRouted } from "../stack/modes";
import type { Found } from "./found";
import {
  guestAddressHop,
  guestAnswerHop,
  guestFirewallHop,
  guestGatewayHop,
  guestRouteHop,
  type Plugged,
} from "./guest-hops";
import { after, type Hop } from "./hop";
import {
  answersHop,
  assignmentHop,
  bridgeHop,
  ownFilterHop,
  portHop,
  subnetAnswersHop,
  uplinkHop,
  uplinkOf,
} from "./host-hops";
import { isDownAsDeclared, machineHop } from "./machine-hop";
import { forwardingHop, routedTo, routeHop, routeOutHop, subnetHop } from "./route-hops";
import { tunnelHops } from "./tunnel-hops";

type Family = "ipv4" | "ipv6";

/**
 * The packet's path to a machine and back, hop by hop, in its order. A hop that is as it is because of an earlier one is
 * not judged, so what is broken is named once. Pure.
 */
export function pathOf(machine: Machine, found: Found): Hop[] {
  const { networks, name } = machine;
  const self = machineHop(machine, found);
  const down = isDownAsDeclared(machine, found);
  const outside = [...hostHops(machine, self, found), ...networks.flatMap((network) => bridgeHops(network, found))];
  const routes = networks.flatMap((network) => routeHops(machine, network, [self, ...outside], found));
  if (down) return [...outside, ...routes, self];
  const ports = networks.map((network) => after(portHop(name, network, found), [self, ...outside]));
  const way = [...outside, ...routes, ...ports];
  const inside = networks.flatMap((network) =>
    familiesOf([network]).flatMap((family) => guestHops({ machine: name, network }, family, [...way, self], found)),
  );
  return [...way, self, ...inside];
}

function familiesOf(networks: MachineNetwork[]): Family[] {
  const addresses = networks.flatMap((network) => network.addresses);
  return (["ipv4", "ipv6"] as const).filter((family) => addresses.some((one) => one.family === family));
}

/** From the provider to where the host takes packets in. */
function hostHops(machine: Machine, self: Hop, found: Found): Hop[] {
  const lan = machine.networks.find(isOnLan)?.bridge;
  const uplink = uplinkOf(machine, found);
  const hop = uplinkHop(uplink, lan, found);
  const networks = machine.networks.filter(isRouted);
  // What the host translates has no way from the provider.
  const addresses = networks.flatMap(({ addresses: all }) => all.filter(({ assignment }) => assignment !== "private"));
  const subnets = machine.neighbourProxy === undefined ? [] : networks.flatMap((network) => network.subnets);
  return [
    ...addresses.map(assignmentHop),
    hop,
    ...addresses.map((address) => after(answersHop(address, uplink, found), [hop])),
    ...subnets.map((subnet) => after(subnetAnswersHop(subnet, found), [hop])),
    ...familiesOf(networks).map((family) => forwardingHop(family, found)),
    foreignFilterHop(machine, uplink, found),
  ];
}

function bridgeHops(network: MachineNetwork, found: Found): Hop[] {
  const filter = isFiltered(network) ? [ownFilterHop(network, found)] : [];
  return [bridgeHop(network, found), ...filter, ...tunnelHops(network, found)];
}

/** A machine's own cable is there only while it runs. */
function routeHops(machine: Machine, network: MachineNetwork, before: Hop[], found: Found): Hop[] {
  const own = isAlone(network);
  if (!isRouted(network) || (own && isDownAsDeclared(machine, found))) return [];
  const link = routedTo(network);
  const knownOf = (family: Family): Hop[] =>
    before.filter(({ hop, subject }) => {
      if (hop === "machine") return own;
      return hop === "uplink" || hop === "bridge" || (hop === "forwarding" && subject === family);
    });
  const addresses = network.addresses.flatMap((address) => {
    const known = knownOf(address.family);
    const inward = after(routeHop(address, link, found), known);
    // From a private network nothing leads to whoever asks from outside.
    if (network.isPrivate) return [inward];
    return [inward, after(routeOutHop(machine, address, link, found), [...known, inward])];
  });
  return [...addresses, ...network.subnets.map((subnet) => after(subnetHop(subnet, link, found), knownOf("ipv6")))];
}

/** Inside of the machine, per family: what concerns the other family alone explains nothing. */
function guestHops(on: Plugged, family: Family, way: Hop[], found: Found): Hop[] {
  const all = on.network.addresses;
  const addresses = all.filter((address) => address.family === family);
  const others = all.filter((address) => address.family !== family).map(({ address }) => address);
  const foreign = [...others, family === "ipv4" ? "ipv6" : "ipv4"];
  // What stands between the provider and the host concerns nothing inside.
  const known = way.filter(
    ({ hop, subject }) => !["assignment", "uplink", "uplink answers"].includes(hop) && !foreign.includes(subject),
  );
  const has = addresses.map((address) => after(guestAddressHop(address, on, found), known));
  // Nobody routes there, and the host is not on it.
  if (!isRouted(on.network) && !isOnLan(on.network)) return has;
  const route = after(guestRouteHop(on, family, found), [...known, ...has]);
  const firewall = after(guestFirewallHop(on, family, found), [...known, ...has, route]);
  const before = [...known, ...has, route, firewall];
  const gateway = after(guestGatewayHop(on, family, found), before);
  const answers = addresses.map((address) => after(guestAnswerHop(address, on, found), [...before, gateway]));
  return [...has, route, firewall, gateway, ...answers];
}
