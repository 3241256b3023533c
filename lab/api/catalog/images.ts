import { hostImages } from "../../images/host-images";
import type { Image } from "./image";

type Row = [
  id: number,
  flavor: Image["os_flavor"],
  version: string,
  name: string,
  description: string,
  deprecated?: string,
];

/** Ids stay: programs keep them. Two per image, one for each architecture. */
const firstIds: Record<string, number> = {
  "debian-12": 1101,
  "debian-12-static": 1103,
  "debian-12-lan": 1105,
  "debian-12-lan-networkd": 1107,
  "debian-13": 1111,
  "debian-13-static": 1113,
  "debian-13-lan": 1115,
  "debian-13-lan-networkd": 1117,
  "debian-13-netplan": 1119,
};

/** Images of Hetzner's that the lab cannot boot: programs look them up, and hear so when they order one. */
const others: Row[] = [
  [1131, "debian", "11", "debian-11", "Debian 11", "2026-08-31T00:00:00Z"],
  [1133, "ubuntu", "26.04", "ubuntu-26.04", "Ubuntu 26.04"],
  [1135, "ubuntu", "24.04", "ubuntu-24.04", "Ubuntu 24.04"],
  [1137, "ubuntu", "22.04", "ubuntu-22.04", "Ubuntu 22.04"],
  [1139, "fedora", "43", "fedora-43", "Fedora 43"],
  [1141, "centos", "10", "centos-stream-10", "CentOS Stream 10"],
  [1143, "centos", "9", "centos-stream-9", "CentOS Stream 9"],
  [1145, "rocky", "10", "rocky-10", "Rocky Linux 10"],
  [1147, "rocky", "9", "rocky-9", "Rocky Linux 9"],
  [1149, "rocky", "8", "rocky-8", "Rocky Linux 8"],
  [1151, "alma", "10", "alma-10", "AlmaLinux 10"],
  [1153, "alma", "9", "alma-9", "AlmaLinux 9"],
  [1155, "alma", "8", "alma-8", "AlmaLinux 8"],
  [1157, "opensuse", "16", "opensuse-16", "openSUSE Leap 16"],
];

/** Those that servers of the lab boot from, Debian's and the lab's own variants of it. */
const own: Row[] = hostImages.map(({ name, version, description }) => [
  firstIds[name] ?? 0,
  "debian",
  version,
  name,
  description,
]);

/** One for each architecture. */
export const images: Image[] = [...own, ...others].flatMap(
  ([id, os_flavor, os_version, name, description, deprecated]) =>
    (["x86", "arm"] as const).map((architecture, column): Image => ({
      id: id + column,
      type: "system",
      status: "available",
      name,
      description,
      image_size: null,
      disk_size: 5,
      created: os_version === "13" ? "2025-08-09T06:00:00Z" : "2023-06-13T06:00:00Z",
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
