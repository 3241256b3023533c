import type { LoadBalancerType } from "../catalog/load-balancer-type";
import { ApiError } from "../http/api-error";
import { Fields } from "../http/fields";
import type { Change } from "./change";
import { readAlgorithmType } from "./read-algorithm";
import { readType } from "./read-load-balancer";
import { exceededLimit } from "./require-limits";

export const settingChanges: Record<"change_algorithm" | "change_type", Change> = {
  change_algorithm: (call, _world, balancer) => {
    const fields = new Fields(call.body);
    const algorithm = readAlgorithmType(fields);
    fields.check();
    return () => {
      balancer.algorithm = algorithm ?? balancer.algorithm;
    };
  },
  change_type: (call, _world, balancer) => {
    const fields = new Fields(call.body);
    const type = readType(fields) as LoadBalancerType;
    fields.check();
    const exceeded = exceededLimit(type, balancer);
    if (exceeded) throw new ApiError(422, "invalid_load_balancer_type", exceeded.message);
    return () => {
      balancer.type = type.id;
    };
  },
};
