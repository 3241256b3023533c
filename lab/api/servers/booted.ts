import type { ServerRecord } from "../records/server-record";

/** Notes that a server runs. At Hetzner the rescue system is for one boot; the lab's servers boot from their disk all the same. */
export function booted(server: ServerRecord): void {
  server.status = "running";
  server.rescue = false;
}
