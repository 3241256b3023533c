import type { Image } from "./image";

type Row = [flavor: Image["os_flavor"], version: string, name: string, description: string, deprecated?: string];

/** Hetzner's, and after them the lab's own. Whether the lab can boot one is another question (lab/images/bootable.ts). */
const rows: Row[] = [
  ["debian", "12", "debian-12", "Debian 12"],
  ["debian", "12", "debian-12-static", "Debian 12, static IPv4 (lab)"],
  ["debian", "12", "debian-12-lan", "Debian 12 on a plain LAN (lab)"],
  ["debian", "12", "debian-12-lan-networkd", "The same, by networkd (lab)"],
  ["debian", "13", "debian-13", "Debian 13"],
  ["debian", "11", "debian-11", "Debian 11", "2026-08-31T00:00:00Z"],
  ["ubuntu", "26.04", "ubuntu-26.04", "Ubuntu 26.04"],
  ["ubuntu", "24.04", "ubuntu-24.04", "Ubuntu 24.04"],
  ["ubuntu", "22.04", "ubuntu-22.04", "Ubuntu 22.04"],
  ["fedora", "43", "fedora-43", "Fedora 43"],
  ["centos", "10", "centos-stream-10", "CentOS Stream 10"],
  ["centos", "9", "centos-stream-9", "CentOS Stream 9"],
  ["rocky", "10", "rocky-10", "Rocky Linux 10"],
  ["rocky", "9", "rocky-9", "Rocky Linux 9"],
  ["rocky", "8", "rocky-8", "Rocky Linux 8"],
  ["alma", "10", "alma-10", "AlmaLinux 10"],
  ["alma", "9", "alma-9", "AlmaLinux 9"],
  ["alma", "8", "alma-8", "AlmaLinux 8"],
  ["opensuse", "16", "opensuse-16", "openSUSE Leap 16"],
];

/** One for each architecture; ids are the lab's own numbers. */
export const images: Image[] = rows.flatMap(([os_flavor, os_version, name, description, deprecated], row) =>
  (["x86", "arm"] as const).map((architecture, column): Image => ({
    id: 1101 + 2 * row + column,
    type: "system",
    status: "available",
    name,
    description,
    image_size: null,
    disk_size: 5,
    created: "2023-06-13T06:00:00Z",
    created_from: null,
    bound_to: null,
    os_flavor,
    os_version,
    architecture,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: deprecated ?? null,
    deleted: null,
    labels: {},
  })),
);
