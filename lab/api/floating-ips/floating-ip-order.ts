import type { ServerRecord } from "../records/server-record";

/** What a valid `POST /floating_ips` asked for. */
export interface FloatingIpOrder {
  type: "ipv4" | "ipv6";
  /** Empty: the API makes one. */
  name: string;
  description: string;
  labels: Record<string, string>;
  location: number;
  server: ServerRecord | undefined;
}
