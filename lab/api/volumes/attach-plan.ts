import type { ActionPlan } from "../actions/action-plan";
import type { VolumeRecord } from "../records/volume-record";

/** Attaches a volume to a server, or (null) detaches it from its own. No disk appears in the server. */
export function attachPlan(volume: VolumeRecord, server: number | null): Omit<ActionPlan, "locks"> {
  const touched = server ?? volume.server;
  return {
    command: server === null ? "detach_volume" : "attach_volume",
    resources: [{ id: volume.id, type: "volume" }, ...(touched === null ? [] : [{ id: touched, type: "server" }])],
    work: () => {
      volume.server = server;
    },
  };
}
