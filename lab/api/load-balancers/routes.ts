import { ApiError } from "../http/api-error";
import type { Route } from "../routing/route";
import { type Collection, collectionAction, collectionRoutes, protectionAction } from "../shared/collection";
import { dnsPtrRoute } from "../addresses/dns-ptr-route";
import type { Change } from "./change";
import { createLoadBalancer } from "./create-load-balancer";
import { interfaceChanges } from "./interface-changes";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import { loadBalancerView } from "./load-balancer-view";
import { metricsRoute } from "./metrics-route";
import { serviceChanges } from "./service-changes";
import { settingChanges } from "./setting-changes";
import { targetChanges } from "./target-changes";

/** Load balancers are state of the API only: nothing is forwarded, and no health is checked. */
const loadBalancers: Collection<LoadBalancerRecord> = {
  plural: "load_balancers",
  singular: "load_balancer",
  rows: (state) => state.loadBalancers,
  view: loadBalancerView,
  create: createLoadBalancer,
  release: (_world, { protection }) => {
    if (protection.delete) throw ApiError.isProtected("load balancer");
  },
};

const changes: Record<string, Change> = {
  ...serviceChanges,
  ...targetChanges,
  ...interfaceChanges,
  ...settingChanges,
};

/** The command of an action is its path but for this one. */
const commands: Record<string, string> = { change_type: "change_load_balancer_type" };

export const loadBalancerRoutes: Route[] = [
  ...collectionRoutes(loadBalancers),
  ...Object.entries(changes).map(([name, change]) =>
    collectionAction(loadBalancers, name, (call, world, balancer) => ({
      command: commands[name] ?? name,
      resources: [{ id: balancer.id, type: "load_balancer" }],
      work: change(call, world, balancer),
    })),
  ),
  protectionAction(loadBalancers),
  dnsPtrRoute(
    "/load_balancers",
    "load_balancer",
    (state) => state.loadBalancers,
    (_state, { ipv4, ipv6 }) => [ipv4, ipv6],
  ),
  metricsRoute,
];
