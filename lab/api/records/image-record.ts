/** An image that was made of a server. It is state only: no disk is copied. */
export interface ImageRecord {
  id: number;
  type: "snapshot" | "backup";
  status: "creating" | "available" | "unavailable";
  description: string;
  /** GB. */
  diskSize: number;
  createdFrom: { id: number; name: string };
  /** Server id; of backups only. */
  boundTo: number | null;
  /** The catalog's image that the server had: system and architecture are those. */
  base: number;
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
