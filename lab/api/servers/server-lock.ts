/** The name of a server's lock. */
export function serverLock(id: number): string {
  return `server:${id}`;
}
