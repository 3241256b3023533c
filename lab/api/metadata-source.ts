import type { ServerSpec } from "../backend";

/** What the metadata service tells about a server; the backend's own description is enough. */
export type MetadataSource = Pick<
  ServerSpec,
  "id" | "name" | "image" | "macAddress" | "ipv4" | "ipv6" | "sshKeys" | "userData"
> & {
  /** Default: fsn1. */
  location?: string;
};
