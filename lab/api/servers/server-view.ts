import { images } from "../catalog/images";
import { isos } from "../catalog/isos";
import { locations } from "../catalog/locations";
import { serverTypes } from "../catalog/server-types";
import { coveredBy } from "../firewalls/covered-by";
import { balancersOf } from "../load-balancers/target-servers";
import { placementGroupView } from "../placement-groups/placement-group-view";
import { dnsPtrView } from "../addresses/dns-ptr-view";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import { serverLock } from "./server-lock";
import type { ServerRecord } from "../records/server-record";

type View = Record<string, unknown> & Pick<ServerRecord, "id" | "name" | "status" | "labels">;

/** A server as the API shows it. */
export function serverView(world: World, server: ServerRecord): View {
  return {
    id: server.id,
    name: server.name,
    status: server.status,
    created: server.created,
    public_net: publicNet(world, server),
    private_net: server.privateNets,
    server_type: findRow(serverTypes, server.serverType, "server_type"),
    location: findRow(locations, server.location, "location"),
    image: findRow(images, server.image, "image"),
    iso: isos.find(({ id }) => id === server.iso) ?? null,
    rescue_enabled: server.rescue ?? false,
    locked: world.actions.isLocked(serverLock(server.id)),
    backup_window: server.backupWindow,
    primary_disk_size: server.primaryDiskSize,
    placement_group: placementGroup(world, server),
    protection: server.protection,
    labels: server.labels,
    volumes: world.state.volumes.filter((volume) => volume.server === server.id).map(({ id }) => id),
    load_balancers: balancersOf(world, server).map(({ id }) => id),
    included_traffic: 0,
    ingoing_traffic: 0,
    outgoing_traffic: 0,
  };
}

/** A family that is off is null. */
function publicNet(world: World, server: ServerRecord): Record<string, unknown> {
  const { primaryIps, floatingIps, firewalls } = world.state;
  const ipv4 = primaryIps.find((ip) => ip.assignee === server.id && ip.type === "ipv4");
  const ipv6 = primaryIps.find((ip) => ip.assignee === server.id && ip.type === "ipv6");
  return {
    ipv4: ipv4 ? { id: ipv4.id, ip: ipv4.ip, blocked: false, dns_ptr: dnsPtrView(ipv4)[0]?.dns_ptr ?? "" } : null,
    ipv6: ipv6 ? { id: ipv6.id, ip: ipv6.ip, blocked: false, dns_ptr: dnsPtrView(ipv6) } : null,
    floating_ips: floatingIps.filter((ip) => ip.server === server.id).map(({ id }) => id),
    firewalls: firewalls.filter((fw) => coveredBy(fw.appliedTo, server)).map(({ id }) => ({ id, status: "applied" })),
  };
}

function placementGroup(world: World, server: ServerRecord): unknown {
  const group = world.state.placementGroups.find(({ id }) => id === server.placementGroup);
  return group ? placementGroupView(world, group) : null;
}
