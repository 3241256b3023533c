export interface VolumeRecord {
  id: number;
  name: string;
  /** GB. */
  size: number;
  location: number;
  /** Server id. */
  server: number | null;
  format: "xfs" | "ext4" | null;
  status: "creating" | "available";
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
