import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "./core/lab-error";
import { readLab } from "./lab-record";
import { defaultLab, labDir } from "./core/places";
import { isAlive } from "./core/process-identity";
import { addresses } from "./network/addresses";
import { firstAddress } from "./servers/seed";
import type { ServerRecord } from "./servers/server-files";

export interface LabServer {
  id: number;
  name: string;
  ipv4: string | null;
  /** First address of its network. */
  ipv6: string | null;
  /** Prefixes that point at it beside its primary ones. */
  routed: string[];
  running: boolean;
}

export interface LabStatus {
  name: string;
  /** `none`: never made or removed. `stopped`: its processes ended. */
  state: "none" | "stopped" | "starting" | "running";
  uplink?: "strict" | "lenient";
  client: { ipv4: string; ipv6: string };
  servers: LabServer[];
}

/** What a lab consists of now. Needs root, as the lab's folder does. */
export function labStatus(name = defaultLab): LabStatus {
  const client = { ipv4: addresses.client4, ipv6: addresses.client6 };
  const lab = readLab(name);
  if (!lab) return { name, state: "none", client, servers: [] };
  const alive = lab.holder !== undefined && isAlive(lab.holder);
  const ready = existsSync(join(labDir(name), "ready"));
  const state = alive ? (ready ? "running" : "starting") : "stopped";
  return {
    name,
    state,
    uplink: lab.uplink,
    client,
    servers: servers(name).map((server) => ({ ...server, running: alive && server.running })),
  };
}

function servers(name: string): LabServer[] {
  const folder = join(labDir(name), "servers");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, "server.json")))
    .map((id) => {
      const record = JSON.parse(readFileSync(join(folder, id, "server.json"), "utf8")) as ServerRecord;
      const ipv6 = record.ipv6 ? (firstAddress(record.ipv6).split("/")[0] ?? null) : null;
      return {
        id: record.id,
        name: record.name,
        ipv4: record.ipv4,
        ipv6,
        routed: record.routed,
        running: existsSync(join(folder, id, "supervisor.pid")),
      };
    });
}

/** Finds a server by name or id. */
export function serverId(name: string, server: string): number {
  const all = servers(name);
  const found = all.find((candidate) => candidate.name === server || String(candidate.id) === server);
  if (found) return found.id;
  const known = ["client", "router", "operator", ...all.map((candidate) => candidate.name)].join(", ");
  throw new LabError(`the lab "${name}" has no place ${JSON.stringify(server)}; there are: ${known}`, 3);
}
