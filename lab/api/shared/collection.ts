import type { ActionPlan } from "../actions/action-plan";
import { actionView } from "../actions/action-view";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { type Listable, listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import type { State } from "../state/state";
import type { World } from "../world";
import { findRow } from "./find-row";
import { type Named, rename } from "./rename";

/** One kind of resource that is state of the API only. */
export interface Collection<T extends Named> {
  /** `volumes`, `volume`. */
  plural: string;
  singular: string;
  rows(state: State): T[];
  view(world: World, row: T): Listable;
  create(call: Call, world: World): Reply;
  /** Throws when the row may not go; puts right what hung on it. */
  release(world: World, row: T): void;
}

type Planner<T> = (call: Call, world: World, row: T) => Omit<ActionPlan, "locks">;

/** List, create, get, update and delete. */
export function collectionRoutes<T extends Named>(kind: Collection<T>): Route[] {
  const one = (call: Call, world: World): T => findRow(kind.rows(world.state), call.params["id"], kind.singular);
  const shown = (world: World, row: T): Reply => ({ status: 200, body: { [kind.singular]: kind.view(world, row) } });
  const path = `/${kind.plural}/:id`;
  return [
    {
      method: "GET",
      path: `/${kind.plural}`,
      handle: (call, world) => {
        const rows = kind.rows(world.state).map((row) => kind.view(world, row));
        return listReply(call, kind.plural, rows, world.options.maxPerPage);
      },
    },
    { method: "POST", path: `/${kind.plural}`, handle: (call, world) => kind.create(call, world) },
    { method: "GET", path, handle: (call, world) => shown(world, one(call, world)) },
    {
      method: "PUT",
      path,
      handle: (call, world) => {
        const row = one(call, world);
        world.actions.assertUnchanged(kind.singular, row.id);
        rename(new Fields(call.body), kind.rows(world.state), row);
        return shown(world, row);
      },
    },
    {
      method: "DELETE",
      path,
      handle: (call, world) => {
        const row = one(call, world);
        world.actions.assertFree([lockOf(kind, row)]);
        kind.release(world, row);
        const rows = kind.rows(world.state);
        rows.splice(rows.indexOf(row), 1);
        return { status: 204 };
      },
    },
  ];
}

/** An action of one resource, which it locks. `also` names the other locks. */
export function collectionAction<T extends Named>(
  kind: Collection<T>,
  name: string,
  planner: Planner<T>,
  also: (row: T, call: Call) => string[] = () => [],
): Route {
  return {
    method: "POST",
    path: `/${kind.plural}/:id/actions/${name}`,
    handle: (call, world) => {
      const row = findRow(kind.rows(world.state), call.params["id"], kind.singular);
      const locks = [lockOf(kind, row), ...also(row, call)];
      world.actions.assertFree(locks);
      const action = world.actions.start({ ...planner(call, world, row), locks }, call.actionFault);
      return { status: 201, body: { action: actionView(action) } };
    },
  };
}

/** `change_protection` with its one field. */
export function protectionAction<T extends Named & { protection: { delete: boolean } }>(kind: Collection<T>): Route {
  return collectionAction(kind, "change_protection", (call, _world, row) => {
    const fields = new Fields(call.body);
    const wanted = fields.boolean("delete") ?? row.protection.delete;
    fields.check();
    return {
      command: "change_protection",
      resources: [{ id: row.id, type: kind.singular }],
      work: () => {
        row.protection = { delete: wanted };
      },
    };
  });
}

export function lockOf<T extends Named>(kind: Pick<Collection<T>, "singular">, row: T): string {
  return `${kind.singular}:${row.id}`;
}
