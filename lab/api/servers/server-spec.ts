import type { ServerSpec } from "../../backend";
import { images } from "../catalog/images";
import { findRow } from "../shared/find-row";
import type { World } from "../world";
import type { ServerRecord } from "../records/server-record";

/** A server as the backend needs it. */
export function serverSpec(world: World, server: ServerRecord): ServerSpec {
  const address = (type: string): string | null =>
    world.state.primaryIps.find((ip) => ip.assignee === server.id && ip.type === type)?.ip ?? null;
  return {
    id: server.id,
    name: server.name,
    image: findRow(images, server.image, "image").name,
    macAddress: server.macAddress,
    ipv4: address("ipv4"),
    ipv6: address("ipv6"),
    sshKeys: server.sshKeys,
    userData: server.userData,
    createdAt: server.created,
  };
}
