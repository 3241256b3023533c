import type { PrivateNet } from "./private-net";
import type { ServerStatus } from "./server-status";

export interface ServerRecord {
  id: number;
  name: string;
  status: ServerStatus;
  created: string;
  /** Names and ids of the catalog. */
  serverType: number;
  image: number;
  location: number;
  /** GB. */
  primaryDiskSize: number;
  macAddress: string;
  /** Public keys, as they were when the server was made. */
  sshKeys: string[];
  userData: string;
  privateNets: PrivateNet[];
  placementGroup: number | null;
  backupWindow: string | null;
  protection: { delete: boolean; rebuild: boolean };
  /** Absent in state files of older labs, as is the next. */
  iso?: number | null;
  rescue?: boolean;
  labels: Record<string, string>;
}
