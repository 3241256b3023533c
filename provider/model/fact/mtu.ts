/** The end of a link's line, where its size is said. */
export const mtuPart = (mtu: number | undefined): string => (mtu === undefined ? "" : ` mtu ${mtu}`);

/** A line without its size, and the size in bytes. */
export function splitMtu(line: string): { rest: string; mtu?: number } {
  const [, rest = "", mtu] = /^(.*?)(?: mtu (\d+))?$/s.exec(line) ?? [];
  return mtu === undefined ? { rest } : { rest, mtu: Number(mtu) };
}
