import { findLoadBalancerType } from "../catalog/load-balancer-types";
import type { LoadBalancerType } from "../catalog/load-balancer-type";
import { ApiError } from "../http/api-error";
import type { LoadBalancerRecord } from "../records/load-balancer-record";

type Content = Pick<LoadBalancerRecord, "services" | "targets">;

/** Throws `resource_limit_exceeded` when the type does not allow so many services, targets or certificates. */
export function requireLimits(type: number, content: Content): void {
  const found = findLoadBalancerType(String(type));
  const exceeded = found && exceededLimit(found, content);
  if (!exceeded) return;
  const details = { limits: [{ name: exceeded.name }] };
  throw new ApiError(403, "resource_limit_exceeded", exceeded.message, details);
}

/** The first limit of a type that the content goes beyond. */
export function exceededLimit(type: LoadBalancerType, content: Content): { name: string; message: string } | undefined {
  const certificates = new Set(content.services.flatMap(({ http }) => http?.certificates ?? []));
  const counts = [
    { name: "load_balancer_services", what: "services", has: content.services.length, max: type.max_services },
    { name: "load_balancer_targets", what: "targets", has: content.targets.length, max: type.max_targets },
    {
      name: "load_balancer_certificates",
      what: "certificates",
      has: certificates.size,
      max: type.max_assigned_certificates,
    },
  ];
  const found = counts.find(({ has, max }) => has > max);
  return found && { name: found.name, message: `${type.name} allows ${found.max} ${found.what}, got ${found.has}` };
}
