import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { Change } from "./change";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import type { LoadBalancerService } from "../records/load-balancer-service";
import { readPort } from "./read-port";
import { readNewService, readServiceChange } from "./read-service";
import { requireLimits } from "./require-limits";
import { requirePorts } from "./require-ports";

export const serviceChanges: Record<"add_service" | "update_service" | "delete_service", Change> = {
  add_service: (call, world, balancer) => {
    const fields = new Fields(call.body);
    const services = [...balancer.services, readNewService(fields, world)];
    fields.check();
    requirePorts(services);
    requireLimits(balancer.type, { ...balancer, services });
    return () => {
      balancer.services = services;
    };
  },
  update_service: (call, world, balancer) => {
    const old = named(call, balancer);
    const fields = new Fields(call.body);
    const service = readServiceChange(fields, world, old);
    fields.check();
    const services = balancer.services.map((other) => (other === old ? service : other));
    requireLimits(balancer.type, { ...balancer, services });
    return () => {
      balancer.services = services;
    };
  },
  delete_service: (call, _world, balancer) => {
    const old = named(call, balancer);
    return () => {
      balancer.services = balancer.services.filter((other) => other !== old);
    };
  },
};

/** The service that a request names by its port; 404 when there is none. */
function named(call: Call, { id, services }: LoadBalancerRecord): LoadBalancerService {
  const fields = new Fields(call.body);
  fields.require("listen_port");
  const port = readPort(fields, "listen_port");
  fields.check();
  const found = services.find(({ listen_port }) => listen_port === port);
  if (found) return found;
  const message = `service with listen port ${port} for load balancer with ID '${id}' not found`;
  throw new ApiError(404, "not_found", message);
}
