import { Fields } from "../http/fields";
import { overlay } from "../shared/overlay";
import type { World } from "../world";
import type { HttpOptions, LoadBalancerService } from "../records/load-balancer-service";

const defaults: HttpOptions = {
  cookie_name: "HCLBSTICKY",
  cookie_lifetime: 300,
  certificates: [],
  redirect_http: false,
  sticky_sessions: false,
  timeout_idle: 60,
};

/** `http` of a service; one of tcp has none, and without TLS there are neither certificates nor a redirect. */
export function readHttp(
  fields: Fields,
  world: World,
  protocol: LoadBalancerService["protocol"],
  old: HttpOptions = defaults,
): HttpOptions | undefined {
  const inner = new Fields(fields.object("http"));
  const given = {
    cookie_name: inner.string("cookie_name"),
    cookie_lifetime: inner.integer("cookie_lifetime", { min: 1 }),
    certificates: readCertificates(inner, world),
    redirect_http: inner.boolean("redirect_http"),
    sticky_sessions: inner.boolean("sticky_sessions"),
    // Younger than the document; the bounds are those that Terraform's provider names.
    timeout_idle: inner.integer("timeout_idle", { min: 30, max: 300 }),
  };
  rejectUnfit(inner, protocol, given);
  fields.adopt("http", inner);
  if (protocol === "tcp") return undefined;
  const options = overlay(old, given);
  return protocol === "https" ? options : { ...options, certificates: [], redirect_http: false };
}

function rejectUnfit(
  fields: Fields,
  protocol: LoadBalancerService["protocol"],
  { sticky_sessions, redirect_http, certificates = [] }: { [K in keyof HttpOptions]: HttpOptions[K] | undefined },
): void {
  if (protocol === "tcp" && sticky_sessions) fields.reject("sticky_sessions", "needs protocol http or https");
  if (protocol === "https") return;
  if (redirect_http) fields.reject("redirect_http", "needs protocol https");
  if (certificates.length > 0) fields.reject("certificates", "needs protocol https");
}

function readCertificates(fields: Fields, { state }: World): number[] | undefined {
  if (!fields.has("certificates")) return undefined;
  return fields.list("certificates").flatMap((wanted) => {
    const row = state.certificates.find(({ id }) => id === wanted);
    if (!row) fields.reject("certificates", `certificate ${JSON.stringify(wanted)} not found`);
    return row ? [row.id] : [];
  });
}
