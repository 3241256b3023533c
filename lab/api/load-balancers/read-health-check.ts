import { Fields } from "../http/fields";
import { overlay } from "../shared/overlay";
import type { HealthCheck, HealthRequest } from "../records/load-balancer-service";
import { readPort } from "./read-port";

const anyRequest: HealthRequest = { domain: null, path: "/", response: "", status_codes: ["2??", "3??"], tls: false };

/** What a health check is unless the request says it; one that is given has to name its protocol. */
export function newHealthCheck(fields: Fields, port: number): HealthCheck {
  if (fields.has("health_check")) {
    const inner = new Fields(fields.object("health_check"));
    inner.require("protocol");
    fields.adopt("health_check", inner);
  }
  return { protocol: "tcp", port, interval: 15, timeout: 10, retries: 3 };
}

/** `health_check` of a service: what is not said is as in `old`. */
export function readHealthCheck(fields: Fields, old: HealthCheck): HealthCheck {
  const inner = new Fields(fields.object("health_check"));
  const request = readRequest(inner, old.http);
  const check = overlay(old, {
    protocol: inner.oneOf("protocol", ["tcp", "http"] as const),
    port: readPort(inner, "port"),
    interval: inner.integer("interval", { min: 1 }),
    timeout: inner.integer("timeout", { min: 1 }),
    retries: inner.integer("retries", { min: 0 }),
  });
  fields.adopt("health_check", inner);
  return { ...check, http: check.protocol === "http" ? request : undefined };
}

function readRequest(fields: Fields, old: HealthRequest = anyRequest): HealthRequest {
  const inner = new Fields(fields.object("http"));
  const given = {
    domain: inner.raw("domain") === null ? null : inner.string("domain"),
    path: inner.string("path"),
    response: inner.string("response"),
    status_codes: inner.has("status_codes") ? inner.strings("status_codes") : undefined,
    tls: inner.boolean("tls"),
  };
  if (/[\s%\\]/.test(given.domain ?? "")) inner.reject("domain", "may not contain spaces, '%' and '\\'");
  if (/\s/.test(given.path ?? "")) inner.reject("path", "may not contain spaces");
  const wrong = given.status_codes?.find((code) => !/^[0-9?*]{1,3}$/.test(code));
  if (wrong !== undefined)
    inner.reject("status_codes", `'${wrong}' is neither a status nor a pattern with '?' and '*'`);
  fields.adopt("http", inner);
  return overlay(old, given);
}
