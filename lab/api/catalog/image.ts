export interface Image {
  id: number;
  type: "system";
  status: "available";
  name: string;
  description: string;
  image_size: null;
  /** GB. */
  disk_size: number;
  created: string;
  created_from: null;
  bound_to: null;
  os_flavor: "alma" | "centos" | "debian" | "fedora" | "opensuse" | "rocky" | "ubuntu";
  os_version: string;
  architecture: "x86" | "arm";
  rapid_deploy: boolean;
  protection: { delete: boolean };
  /** When it was declared to be on its way out. */
  deprecated: string | null;
  deleted: null;
  labels: Record<string, string>;
}
