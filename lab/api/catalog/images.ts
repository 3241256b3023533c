import type { Image } from "./image";

const common = {
  type: "system" as const,
  status: "available" as const,
  image_size: null,
  disk_size: 5,
  created: "2023-06-13T06:00:00Z",
  created_from: null,
  bound_to: null,
  os_flavor: "debian",
  os_version: "12",
  rapid_deploy: true,
  protection: { delete: false },
  deprecated: null,
  deleted: null,
  labels: {},
};

/**
 * `debian-12-static` is the lab's own: the same system with a static IPv4 in place of DHCP. The two of the LAN are plain
 * Debian hosts on one shared cable, configured by ifupdown or by networkd; they have no address of the provider.
 */
export const images: Image[] = [
  { ...common, id: 1101, name: "debian-12", description: "Debian 12", architecture: "x86" },
  { ...common, id: 1102, name: "debian-12", description: "Debian 12", architecture: "arm" },
  { ...common, id: 1103, name: "debian-12-static", description: "Debian 12, static IPv4 (lab)", architecture: "x86" },
  { ...common, id: 1104, name: "debian-12-static", description: "Debian 12, static IPv4 (lab)", architecture: "arm" },
  { ...common, id: 1105, name: "debian-12-lan", description: "Debian 12 on a plain LAN (lab)", architecture: "x86" },
  { ...common, id: 1106, name: "debian-12-lan", description: "Debian 12 on a plain LAN (lab)", architecture: "arm" },
  {
    ...common,
    id: 1107,
    name: "debian-12-lan-networkd",
    description: "The same, by networkd (lab)",
    architecture: "x86",
  },
  {
    ...common,
    id: 1108,
    name: "debian-12-lan-networkd",
    description: "The same, by networkd (lab)",
    architecture: "arm",
  },
];
