import { ApiError } from "../http/api-error";
import type { ServerRecord } from "../records/server-record";

/** Throws `server_not_stopped` unless the server is off. */
export function requireOff(server: ServerRecord): void {
  if (server.status === "off") return;
  throw new ApiError(422, "server_not_stopped", `server is ${server.status}, but needs to be off`);
}
