import type { Location } from "../catalog/location";
import type { ServerType } from "../catalog/server-type";
import type { FirewallRecord } from "../records/firewall-record";
import type { ImageView } from "../images/image-view";
import type { NetworkRecord } from "../records/network-record";
import type { PrimaryIpRecord } from "../records/primary-ip-record";
import type { VolumeRecord } from "../records/volume-record";

/** What a valid `POST /servers` asked for. */
export interface ServerOrder {
  name: string;
  type: ServerType;
  image: ImageView;
  location: Location;
  sshKeys: string[];
  userData: string;
  labels: Record<string, string>;
  /** An existing primary IP, a new one, or none. */
  ipv4: PrimaryIpRecord | "new" | "none";
  ipv6: PrimaryIpRecord | "new" | "none";
  firewalls: FirewallRecord[];
  networks: NetworkRecord[];
  volumes: VolumeRecord[];
  placementGroup: number | null;
  start: boolean;
}
