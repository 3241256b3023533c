import { Address4 } from "ip-address";

/** An IPv4 network, as numbers. */
export class IpRange {
  private constructor(
    readonly first: number,
    readonly last: number,
    readonly length: number,
  ) {}

  /** Undefined when the text is no CIDR network with its host bits zero. */
  static parse(text: string): IpRange | undefined {
    if (!text.includes("/") || !Address4.isValid(text)) return undefined;
    const address = new Address4(text);
    const first = Number(address.startAddress().bigInt());
    if (first !== Number(new Address4(address.addressMinusSuffix ?? "").bigInt())) return undefined;
    return new IpRange(first, Number(address.endAddress().bigInt()), address.subnetMask);
  }

  static number(ip: string): number | undefined {
    return Address4.isValid(ip) && !ip.includes("/") ? Number(new Address4(ip).bigInt()) : undefined;
  }

  static text(n: number): string {
    return Address4.fromBigInt(BigInt(n)).correctForm();
  }

  /** Whether two texts mean the same network. */
  static isSame(one: string, other: string): boolean {
    const [a, b] = [IpRange.parse(one), IpRange.parse(other)];
    return a !== undefined && b !== undefined && a.first === b.first && a.length === b.length;
  }

  includes(n: number): boolean {
    return this.first <= n && n <= this.last;
  }

  holds(other: IpRange): boolean {
    return this.first <= other.first && other.last <= this.last;
  }

  overlaps(other: IpRange): boolean {
    return this.first <= other.last && other.first <= this.last;
  }
}
