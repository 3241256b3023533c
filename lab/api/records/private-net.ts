/** A server's place in a network. */
export interface PrivateNet {
  network: number;
  ip: string;
  alias_ips: string[];
  /** `86:00:…` */
  mac_address: string;
}
