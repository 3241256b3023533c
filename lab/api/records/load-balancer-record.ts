import type { PublicIp } from "./public-ip";
import type { LoadBalancerService } from "./load-balancer-service";
import type { LoadBalancerTarget } from "./load-balancer-target";

export interface LoadBalancerRecord {
  id: number;
  name: string;
  /** Ids of the catalog. */
  type: number;
  location: number;
  algorithm: "round_robin" | "least_connections";
  services: LoadBalancerService[];
  targets: LoadBalancerTarget[];
  publicInterface: boolean;
  ipv4: PublicIp;
  /** One address, as a /128. */
  ipv6: PublicIp;
  /** Its place in a network: one at most. */
  privateNet: { network: number; ip: string } | null;
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
