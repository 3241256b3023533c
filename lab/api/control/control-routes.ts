import type { Call } from "../http/call";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { refreshStatus } from "../servers/refresh-status";
import { changeOptions } from "./change-options";
import type { Control } from "./control";
import { readFault } from "./read-fault";
import { stateSummary } from "./state-summary";

/** The lab's own routes, below /_lab: no token, for the API listens where only the lab can reach it. */
export function controlRoutes({ faults, log, rateLimit }: Control): Route[] {
  const ok = (body: unknown): Reply => ({ status: 200, body });
  return [
    { method: "GET", path: "/faults", handle: () => ok({ faults: faults.all() }) },
    {
      method: "POST",
      path: "/faults",
      handle: (call) => {
        const fault = readFault(call.body);
        faults.add(fault);
        return { status: 201, body: { fault } };
      },
    },
    {
      method: "DELETE",
      path: "/faults",
      handle: () => {
        faults.clear();
        return { status: 204 };
      },
    },
    { method: "GET", path: "/log", handle: (call) => ok({ log: log.since(since(call)) }) },
    {
      method: "DELETE",
      path: "/log",
      handle: () => {
        log.clear();
        return { status: 204 };
      },
    },
    {
      method: "GET",
      path: "/state",
      handle: async (_call, world) => {
        await Promise.all(world.state.servers.map((server) => refreshStatus(world, server)));
        return ok(stateSummary(world));
      },
    },
    {
      method: "PATCH",
      path: "/options",
      handle: (call, world) => {
        const options = changeOptions(world.options, call.body);
        rateLimit.reset();
        return ok(options);
      },
    },
  ];
}

function since(call: Call): number {
  return Number(call.query.get("since") ?? 0);
}
