interface Subnet {
  type: "cloud" | "vswitch";
  ip_range: string;
  network_zone: string;
  /** Absent in state files of older labs. */
  vswitch_id?: number | null;
}

export interface NetworkRecord {
  id: number;
  name: string;
  ip_range: string;
  subnets: Subnet[];
  routes: { destination: string; gateway: string }[];
  expose_routes_to_vswitch: boolean;
  protection: { delete: boolean };
  labels: Record<string, string>;
  created: string;
}
