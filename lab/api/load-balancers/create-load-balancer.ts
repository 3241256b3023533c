import { actionView } from "../actions/action-view";
import type { Call } from "../http/call";
import type { Reply } from "../http/reply";
import { joinNetwork } from "../networks/join-network";
import { requireUnique } from "../shared/require-unique";
import { addressPools } from "../addresses/address-pools";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { loadBalancerView } from "./load-balancer-view";
import { type LoadBalancerOrder, readLoadBalancer } from "./read-load-balancer";
import { requireLimits } from "./require-limits";
import { requirePorts } from "./require-ports";
import { notAttached, requireTarget } from "./require-target";

/** `POST /load_balancers`: everything that was ordered is there at once. */
export function createLoadBalancer(call: Call, world: World): Reply {
  const order = readLoadBalancer(call, world);
  requireUnique(world.state.loadBalancers, order.name);
  requireLimits(order.type.id, order);
  requirePorts(order.services);
  if (!order.publicInterface && !order.network) throw notAttached();
  if (order.network) world.actions.assertFree([`network:${order.network.id}`]);
  const privateNet = order.network
    ? { network: order.network.id, ip: joinNetwork(world, order.network, order.location.id) }
    : null;
  for (const [index, target] of order.targets.entries()) {
    requireTarget(world, { ...order, privateNet, targets: order.targets.slice(0, index) }, target);
  }
  const balancer = register(world, order, privateNet);
  const resources = [{ id: balancer.id, type: "load_balancer" }];
  const locks = [`load_balancer:${balancer.id}`];
  const action = world.actions.start({ command: "create_load_balancer", resources, locks }, call.actionFault);
  return { status: 201, body: { load_balancer: loadBalancerView(world, balancer), action: actionView(action) } };
}

function register(
  world: World,
  { type, location, network: _network, ...order }: LoadBalancerOrder,
  privateNet: LoadBalancerRecord["privateNet"],
): LoadBalancerRecord {
  const six = addressPools.primary.ipv6.take(world.state).replace("::/64", "::1/128");
  const balancer: LoadBalancerRecord = {
    id: world.store.newId(),
    ...order,
    type: type.id,
    location: location.id,
    ipv4: { type: "ipv4", ip: addressPools.primary.ipv4.take(world.state), dnsPtr: [] },
    ipv6: { type: "ipv6", ip: six, dnsPtr: [] },
    privateNet,
    protection: { delete: false },
    created: world.now(),
  };
  world.state.loadBalancers.push(balancer);
  return balancer;
}
