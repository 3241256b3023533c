import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { Change } from "./change";
import { type LoadBalancerTarget, targetKey } from "../records/load-balancer-target";
import { readTarget } from "./read-target";
import { requireLimits } from "./require-limits";
import { requireTarget } from "./require-target";

export const targetChanges: Record<"add_target" | "remove_target", Change> = {
  add_target: (call, world, balancer) => {
    const target = wanted(call);
    requireTarget(world, balancer, target);
    requireLimits(balancer.type, { ...balancer, targets: [...balancer.targets, target] });
    return () => {
      // Asked again now: a server may be gone meanwhile.
      requireTarget(world, balancer, target);
      balancer.targets.push(target);
    };
  },
  remove_target: (call, _world, balancer) => {
    const key = targetKey(wanted(call));
    if (!balancer.targets.some((other) => targetKey(other) === key)) {
      // Clients look for this code or these words, and are content.
      throw new ApiError(404, "load_balancer_target_not_found", "load balancer target not found");
    }
    return () => {
      balancer.targets = balancer.targets.filter((other) => targetKey(other) !== key);
    };
  },
};

function wanted(call: Call): LoadBalancerTarget {
  const fields = new Fields(call.body);
  const target = readTarget(fields);
  fields.check();
  return target as LoadBalancerTarget;
}
