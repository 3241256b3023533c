import { actionView } from "../actions/action-view";
import type { Route } from "../routing/route";
import type { State } from "../state/state";
import { findRow } from "../shared/find-row";
import type { PublicIp } from "../records/public-ip";
import { readDnsPtr } from "./read-dns-ptr";

/**
 * `POST /servers/ID/actions/change_dns_ptr` and the like. It touches names only, so it locks nothing and waits for nothing: programs set
 * the names of both families, or of several addresses of one /64, side by side.
 */
export function dnsPtrRoute<T extends { id: number }>(
  path: string,
  type: string,
  rows: (state: State) => T[],
  addresses: (state: State, row: T) => PublicIp[],
): Route {
  return {
    method: "POST",
    path: `${path}/:id/actions/change_dns_ptr`,
    handle: (call, world) => {
      const row = findRow(rows(world.state), call.params["id"], type);
      const { apply: work } = readDnsPtr(call, addresses(world.state, row));
      const resources = [{ id: row.id, type }];
      const action = world.actions.start({ command: "change_dns_ptr", resources, work }, call.actionFault);
      return { status: 201, body: { action: actionView(action) } };
    },
  };
}
