import type { ServerSpec } from "../backend";

interface PrivateNetworkSource {
  networkId: number;
  networkName: string;
  network: string;
  subnet: string;
  gateway: string;
  ip: string;
  aliasIps: string[];
  macAddress: string;
}

/** What the metadata service tells about a server; the backend's own description is enough. */
export type MetadataSource = Pick<
  ServerSpec,
  "id" | "name" | "image" | "macAddress" | "ipv4" | "ipv6" | "sshKeys" | "userData"
> & {
  privateNetworks?: PrivateNetworkSource[];
  /** Default: fsn1. */
  location?: string;
};
