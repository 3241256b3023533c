import type { PublicIp } from "./public-ip";

export interface PrimaryIpRecord extends PublicIp {
  id: number;
  name: string;
  /** Server id. */
  assignee: number | null;
  autoDelete: boolean;
  location: number;
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
