import { images } from "../catalog/images";
import { locations } from "../catalog/locations";
import type { ServerType } from "../catalog/server-type";
import { serverTypes } from "../catalog/server-types";
import type { ActionPlan } from "../actions/action-plan";
import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { Route } from "../routing/route";
import { imagesNamed } from "../images/all-images";
import { dropBackups } from "../images/drop-backups";
import { dnsPtrRoute } from "../addresses/dns-ptr-route";
import type { World } from "../world";
import { bootMediumRoute } from "./boot-medium-route";
import { booted } from "./booted";
import { findServer } from "./find-server";
import { powerOff } from "./power-off";
import { powerPlans } from "./power-plans";
import { refreshStatus } from "./refresh-status";
import { serverLock } from "./server-lock";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";
import { serverSpec } from "./server-spec";
import { networkRoute } from "./network-route";
import { hasInterface, requireInterface } from "./require-interface";
import { requireBootable, requireSold } from "./require-available";
import { readUserData } from "./read-user-data";
import { findRow } from "../shared/find-row";
import { placementRoute } from "./placement-route";
import { requireOff } from "./require-off";

type Planner = (call: Call, world: World, server: ServerRecord) => ActionPlan;

const UNSUPPORTED = ["reset_password", "request_console"];

const SWITCHING_ON = ["poweron", "reset", "reboot"];

export const serverActionRoutes: Route[] = [
  ...Object.entries(powerPlans).map(([name, plan]) =>
    route(name, (_call, world, server) => {
      if (SWITCHING_ON.includes(name)) requireInterface(world, server);
      return plan(world, server);
    }),
  ),
  route("rebuild", rebuild, { root_password: null }),
  route("change_type", changeType),
  route("change_protection", changeProtection),
  route("enable_backup", (_call, world, server) => backup(world, server, "enable_backup", "22-02")),
  route("disable_backup", (_call, world, server) => backup(world, server, "disable_backup", null)),
  dnsPtrRoute(
    "/servers",
    "server",
    ({ servers }) => servers,
    ({ primaryIps }, server) => primaryIps.filter((ip) => ip.assignee === server.id),
  ),
  ...(["attach_to_network", "detach_from_network", "change_alias_ips"] as const).map((name) =>
    route(name, networkRoute[name]),
  ),
  ...(["attach_iso", "detach_iso", "disable_rescue"] as const).map((name) => route(name, bootMediumRoute[name])),
  // An empty text, for the document allows no null: nobody is let in by a password.
  route("enable_rescue", bootMediumRoute.enable_rescue, { root_password: "" }),
  route("add_to_placement_group", placementRoute.add_to_placement_group),
  route("remove_from_placement_group", placementRoute.remove_from_placement_group),
  ...UNSUPPORTED.map((name) =>
    route(name, () => {
      throw ApiError.unsupported(name);
    }),
  ),
];

function route(name: string, planner: Planner, extra: Record<string, unknown> = {}): Route {
  return {
    method: "POST",
    path: `/servers/:id/actions/${name}`,
    handle: async (call, world) => {
      const server = findServer(world, call.params["id"]);
      await refreshStatus(world, server);
      world.actions.assertFree([serverLock(server.id)]);
      const action = world.actions.start(planner(call, world, server), call.actionFault);
      return { status: 201, body: { action: actionView(action), ...extra } };
    },
  };
}

/** Same id and addresses, new disk: the backend makes new host keys. */
function rebuild(call: Call, world: World, server: ServerRecord): ActionPlan {
  const fields = new Fields(call.body);
  const wanted = fields.reference("image");
  const { architecture } = images.find(({ id }) => id === server.image) ?? {};
  const image = imagesNamed(world.state, wanted).find((candidate) => candidate.architecture === architecture);
  if (!image) fields.reject("image", wanted ? `'${wanted}' is unknown` : "missing data for required field");
  const userData = fields.has("user_data") ? readUserData(fields) : undefined;
  fields.check();
  if (image) requireBootable(image);
  if (server.protection.rebuild) throw new ApiError(403, "protected", "server rebuild is protected");
  return serverPlan(world, server, {
    command: "rebuild_server",
    begin: () => {
      server.status = "rebuilding";
    },
    work: async () => {
      server.image = image?.id ?? server.image;
      server.userData = userData ?? server.userData;
      await powerOff(world, server);
      await world.backend.wipe(serverSpec(world, server));
      await bootAgain(world, server);
    },
  });
}

/** Hetzner starts the server again afterwards. */
function changeType(call: Call, world: World, server: ServerRecord): ActionPlan {
  const fields = new Fields(call.body);
  fields.require("server_type", "upgrade_disk");
  const wanted = fields.reference("server_type");
  const type = serverTypes.find(({ id, name }) => name === wanted || String(id) === wanted);
  const upgradeDisk = fields.boolean("upgrade_disk") ?? false;
  if (!type && wanted !== undefined) fields.reject("server_type", `'${wanted}' is unknown`);
  fields.check();
  requireFit(server, type as ServerType);
  requireOff(server);
  return serverPlan(world, server, {
    command: "change_server_type",
    begin: () => {
      server.status = "migrating";
    },
    work: async () => {
      server.serverType = type?.id ?? server.serverType;
      if (upgradeDisk) server.primaryDiskSize = type?.disk ?? server.primaryDiskSize;
      await bootAgain(world, server);
    },
  });
}

function requireFit(server: ServerRecord, type: ServerType): void {
  const old = findRow(serverTypes, server.serverType, "server_type");
  const problem =
    type.architecture !== old.architecture
      ? `has another architecture than ${old.name}`
      : type.disk < server.primaryDiskSize && "has a smaller disk than the server's";
  const fields = [{ name: "server_type", messages: [String(problem)] }];
  if (problem) throw new ApiError(422, "invalid_server_type", `server type ${type.name} ${problem}`, { fields });
  requireSold(type, findRow(locations, server.location, "location"), "invalid_server_type");
}

/** What has nothing to be reached by stays off. */
async function bootAgain(world: World, server: ServerRecord): Promise<void> {
  const starts = hasInterface(world, server);
  if (starts) await world.backend.boot(server.id);
  if (starts) booted(server);
  else server.status = "off";
}

function changeProtection(call: Call, world: World, server: ServerRecord): ActionPlan {
  const fields = new Fields(call.body);
  const wanted = {
    delete: fields.boolean("delete") ?? server.protection.delete,
    rebuild: fields.boolean("rebuild") ?? server.protection.rebuild,
  };
  if (wanted.delete !== wanted.rebuild) fields.reject("rebuild", "has to be the same as delete");
  fields.check();
  return serverPlan(world, server, {
    command: "change_protection",
    work: () => {
      server.protection = wanted;
    },
  });
}

function backup(world: World, server: ServerRecord, command: string, window: string | null): ActionPlan {
  return serverPlan(world, server, {
    command,
    work: () => {
      server.backupWindow = window;
      if (window === null) dropBackups(world.state, server.id);
    },
  });
}
