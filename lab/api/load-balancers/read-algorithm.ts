import { Fields } from "../http/fields";
import type { LoadBalancerRecord } from "../records/load-balancer-record";

const ALGORITHMS = ["round_robin", "least_connections"] as const;

/** The algorithm that an object among the fields names. */
export function readAlgorithm(fields: Fields, name: string): LoadBalancerRecord["algorithm"] | undefined {
  const inner = new Fields(fields.object(name));
  const algorithm = readAlgorithmType(inner);
  fields.adopt(name, inner);
  return algorithm;
}

export function readAlgorithmType(fields: Fields): LoadBalancerRecord["algorithm"] | undefined {
  fields.require("type");
  return fields.oneOf("type", ALGORITHMS);
}
