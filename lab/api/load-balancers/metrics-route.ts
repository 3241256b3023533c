import type { Route } from "../routing/route";
import { findRow } from "../shared/find-row";
import { readPeriod } from "./read-period";

const SERIES = {
  open_connections: ["open_connections"],
  connections_per_second: ["connections_per_second"],
  requests_per_second: ["requests_per_second"],
  bandwidth: ["bandwidth.in", "bandwidth.out"],
};

/** No traffic ever comes, so every sample is zero. */
export const metricsRoute: Route = {
  method: "GET",
  path: "/load_balancers/:id/metrics",
  handle: (call, world) => {
    findRow(world.state.loadBalancers, call.params["id"], "load_balancer");
    const { types, start, end, step } = readPeriod(call.query, Object.keys(SERIES) as (keyof typeof SERIES)[]);
    const values: [number, string][] = [];
    for (let at = start.getTime() / 1000; at < end.getTime() / 1000; at += step) values.push([at, "0"]);
    const series = types.flatMap((type) => SERIES[type]).map((name) => [name, { values }]);
    const metrics = {
      start: start.toISOString(),
      end: end.toISOString(),
      step,
      time_series: Object.fromEntries(series) as Record<string, unknown>,
    };
    return { status: 200, body: { metrics } };
  },
};
