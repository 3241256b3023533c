import type { ActionRecord } from "../records/action-record";
import type { CertificateRecord } from "../records/certificate-record";
import type { FirewallRecord } from "../records/firewall-record";
import type { FloatingIpRecord } from "../records/floating-ip-record";
import type { ImageRecord } from "../records/image-record";
import type { LoadBalancerRecord } from "../records/load-balancer-record";
import type { NetworkRecord } from "../records/network-record";
import type { PlacementGroupRecord } from "../records/placement-group-record";
import type { PrimaryIpRecord } from "../records/primary-ip-record";
import type { ServerRecord } from "../records/server-record";
import type { SshKeyRecord } from "../records/ssh-key-record";
import type { VolumeRecord } from "../records/volume-record";
import type { ZoneRecord } from "../records/zone-record";

/** Everything the API knows; plain JSON. */
export interface State {
  version: 1;
  /** One counter for all kinds, so that an id used for the wrong kind is not found. */
  nextId: number;
  /** Where each address pool goes on: addresses are not handed out again at once. */
  cursors: Record<string, number>;
  actions: ActionRecord[];
  servers: ServerRecord[];
  floatingIps: FloatingIpRecord[];
  primaryIps: PrimaryIpRecord[];
  sshKeys: SshKeyRecord[];
  networks: NetworkRecord[];
  firewalls: FirewallRecord[];
  placementGroups: PlacementGroupRecord[];
  volumes: VolumeRecord[];
  certificates: CertificateRecord[];
  zones: ZoneRecord[];
  loadBalancers: LoadBalancerRecord[];
  /** Those that were made of servers; the others are the catalog's. */
  images: ImageRecord[];
}
