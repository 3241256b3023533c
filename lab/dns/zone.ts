import type { RecordType } from "dns-packet";

/** Records of one name and type. `data` is in the form that dns-packet encodes. */
export interface RecordSet {
  type: RecordType;
  ttl: number;
  data: unknown[];
}

/** A zone in memory: names in lower case, whole and without a final dot. Each name between a record's and the origin exists. */
export class Zone {
  private readonly nodes = new Map<string, RecordSet[]>();

  constructor(readonly origin: string) {
    this.nodes.set(origin, []);
  }

  add(name: string, set: RecordSet): void {
    this.node(name).push(set);
  }

  /** A name exists, whatever it has. */
  keep(name: string): void {
    this.node(name);
  }

  /** Whether a name is this zone's to answer for. */
  holds(name: string): boolean {
    return name === this.origin || name.endsWith(`.${this.origin}`);
  }

  /** All records of a name, or of the wildcard that stands for it (RFC 4592); undefined if there is no such name. */
  at(name: string): RecordSet[] | undefined {
    const found = this.nodes.get(name);
    if (found !== undefined) return found;
    let encloser = parentOf(name);
    while (!this.nodes.has(encloser) && encloser !== this.origin) encloser = parentOf(encloser);
    return this.nodes.get(`*.${encloser}`);
  }

  private node(name: string): RecordSet[] {
    const found = this.nodes.get(name);
    if (found !== undefined) return found;
    const made: RecordSet[] = [];
    this.nodes.set(name, made);
    if (name !== this.origin) this.node(parentOf(name));
    return made;
  }
}

const parentOf = (name: string): string => name.slice(name.indexOf(".") + 1);
