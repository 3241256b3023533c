import type { Fields } from "../http/fields";
import { overlay } from "../shared/overlay";
import type { World } from "../world";
import type { LoadBalancerService } from "../records/load-balancer-service";
import { newHealthCheck, readHealthCheck } from "./read-health-check";
import { readHttp } from "./read-http";
import { readPort } from "./read-port";

const PROTOCOLS = ["tcp", "http", "https"] as const;
/** Where http and https are forwarded to unless the request says it. */
const HTTP_PORT = 80;

/**
 * A new service. The document requires more than Hetzner does: clients leave out what has a default, as Terraform's provider and the
 * Kubernetes controller do with `destination_port` of http, `proxyprotocol` and the health check.
 */
export function readNewService(fields: Fields, world: World): LoadBalancerService {
  fields.require("listen_port", "protocol");
  const protocol = fields.oneOf("protocol", PROTOCOLS) ?? "tcp";
  if (protocol === "tcp") fields.require("destination_port");
  const destination = readPort(fields, "destination_port") ?? HTTP_PORT;
  return {
    protocol,
    listen_port: readPort(fields, "listen_port") ?? 0,
    destination_port: destination,
    proxyprotocol: fields.boolean("proxyprotocol") ?? false,
    http: readHttp(fields, world, protocol),
    health_check: readHealthCheck(fields, newHealthCheck(fields, destination)),
  };
}

/** What a request makes of a service; what it leaves out stays. */
export function readServiceChange(fields: Fields, world: World, old: LoadBalancerService): LoadBalancerService {
  const changed = overlay(old, {
    protocol: fields.oneOf("protocol", PROTOCOLS),
    destination_port: readPort(fields, "destination_port"),
    proxyprotocol: fields.boolean("proxyprotocol"),
    health_check: readHealthCheck(fields, old.health_check),
  });
  return { ...changed, http: readHttp(fields, world, changed.protocol, old.http) };
}
