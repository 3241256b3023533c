import type { ActionRecord } from "../records/action-record";
import { actionView } from "../actions/action-view";
import { locations } from "../catalog/locations";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { serverLock } from "../servers/server-lock";
import { type Collection, collectionAction, collectionRoutes, lockOf, protectionAction } from "../shared/collection";
import { findRow } from "../shared/find-row";
import { readReference } from "../shared/read-reference";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { attachPlan } from "./attach-plan";
import { readVolume } from "./read-volume";
import type { VolumeRecord } from "../records/volume-record";

/** Volumes are state of the API only: no disk appears in the server. */
const volumes: Collection<VolumeRecord> = {
  plural: "volumes",
  singular: "volume",
  rows: (state) => state.volumes,
  view: (_world, volume) => ({
    ...volume,
    location: findRow(locations, volume.location, "location"),
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${volume.id}`,
  }),
  create,
  release: (_world, volume) => {
    if (volume.protection.delete) throw ApiError.isProtected("volume");
    if (volume.server !== null) throw new ApiError(422, "resource_in_use", "volume is attached to a server");
  },
};

export const volumeRoutes: Route[] = [
  ...collectionRoutes(volumes),
  protectionAction(volumes),
  collectionAction(volumes, "attach", attach, (_volume, call) => {
    const { server } = call.body;
    return typeof server === "number" ? [serverLock(server)] : [];
  }),
  collectionAction(
    volumes,
    "detach",
    (_call, _world, volume) => {
      if (volume.server === null) {
        throw new ApiError(422, "invalid_input", "volume is not attached to a server", { fields: [] });
      }
      return attachPlan(volume, null);
    },
    ({ server }) => (server === null ? [] : [serverLock(server)]),
  ),
  collectionAction(volumes, "resize", (call, _world, volume) => {
    const fields = new Fields(call.body);
    fields.require("size");
    const size = fields.integer("size", { min: volume.size + 1, max: 10240 }) ?? volume.size;
    fields.check();
    return {
      command: "resize_volume",
      resources: [{ id: volume.id, type: "volume" }],
      work: () => {
        volume.size = size;
      },
    };
  }),
];

function attach(call: Call, world: World, volume: VolumeRecord): ReturnType<typeof attachPlan> {
  const fields = new Fields(call.body);
  fields.boolean("automount");
  const server = readReference(fields, "server", world.state.servers);
  if (volume.server !== null)
    throw new ApiError(422, "volume_already_attached", "volume is attached to a server already");
  if (server.location !== volume.location) throw ApiError.invalid("server", "is in another location than the volume");
  return attachPlan(volume, server.id);
}

function create(call: Call, world: World): Reply {
  const { server, ...order } = readVolume(call, world);
  requireUnique(world.state.volumes, order.name);
  if (server) world.actions.assertFree([serverLock(server.id)]);
  const volume: VolumeRecord = {
    id: world.store.newId(),
    ...order,
    server: null,
    status: "creating",
    protection: { delete: false },
    created: world.now(),
  };
  world.state.volumes.push(volume);
  const work = (): void => {
    volume.status = "available";
  };
  const locks = [lockOf(volumes, volume), ...(server ? [serverLock(server.id)] : [])];
  const resources = [{ id: volume.id, type: "volume" }];
  const action = world.actions.start({ command: "create_volume", resources, locks, work }, call.actionFault);
  const next: ActionRecord[] = [];
  if (server)
    next.push(world.actions.start({ ...attachPlan(volume, server.id), locks, after: action }, call.actionFault));
  const body = { volume: volumes.view(world, volume), action: actionView(action), next_actions: next.map(actionView) };
  return { status: 201, body };
}
