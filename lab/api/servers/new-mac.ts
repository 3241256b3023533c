/** A MAC address that follows from a number: Hetzner's first two bytes, then the number. */
export function newMac(first: "96" | "86", n: number): string {
  const hex = n.toString(16).padStart(8, "0").slice(-8);
  return [first, "00", ...(hex.match(/../g) ?? [])].join(":");
}
