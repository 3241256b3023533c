import { addressPools } from "../addresses/address-pools";
import type { World } from "../world";
import type { FloatingIpOrder } from "./floating-ip-order";
import type { FloatingIpRecord } from "../records/floating-ip-record";

/** Makes and registers a floating IP, unassigned. */
export function newFloatingIp(world: World, order: FloatingIpOrder): FloatingIpRecord {
  const ip = addressPools.floating[order.type].take(world.state);
  const id = world.store.newId();
  const record: FloatingIpRecord = {
    id,
    name: order.name || `floating-ip-${id}`,
    description: order.description,
    type: order.type,
    ip,
    dnsPtr: [],
    server: null,
    location: order.location,
    protection: { delete: false },
    labels: order.labels,
    created: world.now(),
  };
  world.state.floatingIps.push(record);
  return record;
}
