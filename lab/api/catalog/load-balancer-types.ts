import type { LoadBalancerType } from "./load-balancer-type";
import { locations } from "./locations";
import { price } from "./price";

type Row = [
  id: number,
  name: string,
  connections: number,
  services: number,
  targets: number,
  certificates: number,
  monthly: number,
];

/** Those of the public catalogue of 2026. */
const rows: Row[] = [
  [1, "lb11", 10_000, 5, 25, 10, 5.39],
  [2, "lb21", 20_000, 15, 75, 25, 16.4],
  [3, "lb31", 40_000, 30, 150, 50, 32.9],
];

export const loadBalancerTypes: LoadBalancerType[] = rows.map(
  ([id, name, connections, services, targets, certificates, monthly]) => ({
    id,
    name,
    description: name.toUpperCase(),
    max_connections: connections,
    max_services: services,
    max_targets: targets,
    max_assigned_certificates: certificates,
    deprecated: null,
    prices: locations.map((location) => price(location.name, monthly)),
  }),
);

/** By name or id. */
export function findLoadBalancerType(reference: string | undefined): LoadBalancerType | undefined {
  return loadBalancerTypes.find(({ id, name }) => name === reference || String(id) === reference);
}
