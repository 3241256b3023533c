import { loadBalancerTypes } from "../catalog/load-balancer-types";
import { locations } from "../catalog/locations";
import { dnsPtrView } from "../addresses/dns-ptr-view";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { targetView } from "./target-view";

type View = Record<string, unknown> & Pick<LoadBalancerRecord, "id" | "name" | "labels" | "created">;

/** A load balancer as the API shows it. */
export function loadBalancerView(world: World, balancer: LoadBalancerRecord): View {
  const type = findRow(loadBalancerTypes, balancer.type, "load_balancer_type");
  const location = findRow(locations, balancer.location, "location");
  return {
    id: balancer.id,
    name: balancer.name,
    public_net: publicNet(balancer),
    private_net: balancer.privateNet ? [balancer.privateNet] : [],
    location,
    load_balancer_type: type,
    protection: balancer.protection,
    labels: balancer.labels,
    created: balancer.created,
    services: balancer.services,
    targets: balancer.targets.map((target) => targetView(world, balancer, target)),
    algorithm: { type: balancer.algorithm },
    included_traffic: type.prices.find((price) => price.location === location.name)?.included_traffic ?? 0,
    ingoing_traffic: 0,
    outgoing_traffic: 0,
  };
}

/** The addresses stay while the interface is off. */
function publicNet({ publicInterface, ipv4, ipv6 }: LoadBalancerRecord): Record<string, unknown> {
  return {
    enabled: publicInterface,
    ipv4: { ip: ipv4.ip, dns_ptr: dnsPtrView(ipv4)[0]?.dns_ptr ?? null },
    ipv6: { ip: ipv6.ip.replace("/128", ""), dns_ptr: dnsPtrView(ipv6)[0]?.dns_ptr ?? null },
  };
}
