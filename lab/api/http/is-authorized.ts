import { createHash, timingSafeEqual } from "node:crypto";

/** Whether the header is `Bearer TOKEN` with our token. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  const given = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
  if (given?.length !== 64) return false;
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
