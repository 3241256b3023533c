import { addressPools } from "./address-pools";
import type { World } from "../world";
import type { PrimaryIpRecord } from "../records/primary-ip-record";

/** Makes and registers a primary IP, unassigned. */
export function newPrimaryIp(
  world: World,
  type: "ipv4" | "ipv6",
  location: number,
  given: { name?: string; autoDelete?: boolean; labels?: Record<string, string> },
): PrimaryIpRecord {
  const ip = addressPools.primary[type].take(world.state);
  const id = world.store.newId();
  const record: PrimaryIpRecord = {
    id,
    name: given.name ?? `primary_ip-${id}`,
    type,
    ip,
    dnsPtr: [],
    assignee: null,
    autoDelete: given.autoDelete ?? false,
    location,
    protection: { delete: false },
    labels: given.labels ?? {},
    created: world.now(),
  };
  world.state.primaryIps.push(record);
  return record;
}
