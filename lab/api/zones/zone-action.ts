import { actionView } from "../actions/action-view";
import type { ActionRecord } from "../records/action-record";
import type { Call } from "../http/call";
import type { Reply } from "../http/reply";
import type { World } from "../world";
import type { ZoneRecord } from "../records/zone-record";

/** Starts an action on a zone. Changes of several rrsets go side by side, so nothing is locked and the change is made at once. */
export function startOnZone(call: Call, world: World, zone: ZoneRecord, command: string): ActionRecord {
  countUp(zone);
  return world.actions.start({ command, resources: [{ id: zone.id, type: "zone" }] }, call.actionFault);
}

/** The answer to a change: its action alone. */
export function changed(call: Call, world: World, zone: ZoneRecord, command: string): Reply {
  return { status: 201, body: { action: actionView(startOnZone(call, world, zone, command)) } };
}

/** Each change of a zone has a serial number of its own: RFC 1982. */
function countUp({ rrsets }: ZoneRecord): void {
  for (const { type, records } of rrsets) {
    const soa = type === "SOA" ? records[0] : undefined;
    if (soa)
      soa.value = soa.value.replace(/^(\S+ \S+ )(\d+)/, (_, names: string, serial) => names + (Number(serial) + 1));
  }
}
