import type { PublicIp } from "./public-ip";

export interface FloatingIpRecord extends PublicIp {
  id: number;
  name: string;
  description: string;
  /** Server id. */
  server: number | null;
  location: number;
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
