export interface RecordOfZone {
  value: string;
  comment?: string;
}

export interface RrsetRecord {
  name: string;
  type: string;
  ttl: number | null;
  labels: Record<string, string>;
  protection: { change: boolean };
  records: RecordOfZone[];
}

/** A zone in primary mode; the lab has no other. */
export interface ZoneRecord {
  id: number;
  name: string;
  mode: "primary";
  ttl: number;
  labels: Record<string, string>;
  protection: { delete: boolean };
  rrsets: RrsetRecord[];
  created: string;
}
