import { Address4, Address6 } from "ip-address";

/** An address of a network that none of `taken` is, near its end: it stands for somebody there whom nobody knows. */
export function strangerIn(network: string, taken: readonly string[]): string {
  const isSix = network.includes(":");
  const last = isSix ? new Address6(network).endAddress() : new Address4(network).endAddress();
  const kind = isSix ? Address6 : Address4;
  const at = (back: bigint): string => kind.fromBigInt(last.bigInt() - back).correctForm();
  let back = 1n;
  while (taken.includes(at(back))) back += 1n;
  return at(back);
}
