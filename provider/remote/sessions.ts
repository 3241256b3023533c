import { createHash } from "node:crypto";
import { Session } from "./session";
import type { Target } from "./target";

const open = new Map<string, Session>();

/** The key holds a hash of the secrets, so a rotated key makes a new connection and no secret stands in the map. */
function keyOf(target: Target): string {
  return createHash("sha256").update(JSON.stringify(target)).digest("hex");
}

/** The session of a host: one per address, user, pinned keys and login in this process. */
export function sessionOf(target: Target): Session {
  const key = keyOf(target);
  const session = open.get(key) ?? new Session(target);
  open.set(key, session);
  return session;
}

/** Ends all connections of this process: for programs that end by themselves, and tests. */
export async function closeSessions(): Promise<void> {
  await Promise.all([...open.values()].map((session) => session.close()));
  open.clear();
}
