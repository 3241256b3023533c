/** One page of the metadata service. */
interface Page {
  status: number;
  contentType: string;
  body: string;
}

/** The service's pages by their path below /hetzner/v1/: `metadata`, `metadata/hostname`, `userdata` … Any other path is 404. */
export interface Metadata {
  pages: Record<string, Page>;
  /** cloud-init's network configuration, version 1, as YAML (what `network-config` holds). */
  networkConfig: string;
  /** Cloud-config for every server of the lab. */
  vendorData: string;
}
