import type { ActionPlan } from "../actions/action-plan";
import { isos } from "../catalog/isos";
import { serverTypes } from "../catalog/server-types";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import { serverPlan } from "./server-plan";
import type { ServerRecord } from "../records/server-record";

type Planner = (call: Call, world: World, server: ServerRecord) => ActionPlan;
type Name = "attach_iso" | "detach_iso" | "enable_rescue" | "disable_rescue";

/** What a server is to boot from in place of its disk. State only: in the lab it boots from its disk all the same. */
export const bootMediumRoute: Record<Name, Planner> = {
  attach_iso: (call, world, server) => {
    const fields = new Fields(call.body);
    fields.require("iso");
    const wanted = fields.reference("iso");
    const iso = isos.find(({ id, name }) => String(id) === wanted || name === wanted);
    const { architecture } = findRow(serverTypes, server.serverType, "server_type");
    if (!iso && wanted !== undefined) fields.reject("iso", `'${wanted}' is unknown`);
    if (iso && iso.architecture !== null && iso.architecture !== architecture) {
      fields.reject("iso", `is for ${iso.architecture}, the server is ${architecture}`);
    }
    fields.check();
    return change(world, server, "attach_iso", { iso: iso?.id ?? null });
  },
  detach_iso: (_call, world, server) => change(world, server, "detach_iso", { iso: null }),
  enable_rescue: (call, world, server) => {
    const fields = new Fields(call.body);
    fields.oneOf("type", ["linux64"]);
    for (const wanted of fields.list("ssh_keys")) {
      if (world.state.sshKeys.some(({ id }) => id === wanted)) continue;
      fields.reject("ssh_keys", `SSH key ${JSON.stringify(wanted)} not found`);
    }
    fields.check();
    return change(world, server, "enable_rescue", { rescue: true });
  },
  disable_rescue: (_call, world, server) => change(world, server, "disable_rescue", { rescue: false }),
};

function change(
  world: World,
  server: ServerRecord,
  command: Name,
  then: Pick<ServerRecord, "iso" | "rescue">,
): ActionPlan {
  return serverPlan(world, server, {
    command,
    work: () => {
      Object.assign(server, then);
    },
  });
}
