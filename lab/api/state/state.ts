import type { ActionRecord } from "../actions/action-record";
import type { CertificateRecord } from "../certificates/certificate-record";
import type { FirewallRecord } from "../firewalls/firewall-record";
import type { FloatingIpRecord } from "../floating-ips/floating-ip-record";
import type { ImageRecord } from "../images/image-record";
import type { LoadBalancerRecord } from "../load-balancers/load-balancer-record";
import type { NetworkRecord } from "../networks/network-record";
import type { PlacementGroupRecord } from "../placement-groups/placement-group-record";
import type { PrimaryIpRecord } from "../primary-ips/primary-ip-record";
import type { ServerRecord } from "../servers/server-record";
import type { SshKeyRecord } from "../ssh-keys/ssh-key-record";
import type { VolumeRecord } from "../volumes/volume-record";
import type { ZoneRecord } from "../zones/zone-record";

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
