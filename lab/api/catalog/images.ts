import { hostImages } from "../../images/host-images";
import type { Image } from "./image";

interface Row {
  /** Of the two architectures, the first; programs keep ids, so they stay. */
  id: number;
  flavor: Image["os_flavor"];
  version: string;
  name: string;
  description: string;
  deprecated?: string;
}

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

/** Debian of two releases, and the lab's own variants of it: those that servers boot from. */
const booting: Row[] = hostImages.map(({ name, version, description }) => ({
  id: firstIds[name] ?? 0,
  flavor: "debian",
  version,
  name,
  description,
}));

/** Hetzner's others. They are there for programs that look them up; an order says that the lab cannot boot them. */
const others: Row[] = [
  {
    id: 1201,
    flavor: "debian",
    version: "11",
    name: "debian-11",
    description: "Debian 11",
    deprecated: "2026-08-31T00:00:00Z",
  },
  { id: 1203, flavor: "ubuntu", version: "26.04", name: "ubuntu-26.04", description: "Ubuntu 26.04" },
  { id: 1205, flavor: "ubuntu", version: "24.04", name: "ubuntu-24.04", description: "Ubuntu 24.04" },
  { id: 1207, flavor: "ubuntu", version: "22.04", name: "ubuntu-22.04", description: "Ubuntu 22.04" },
  { id: 1209, flavor: "fedora", version: "43", name: "fedora-43", description: "Fedora 43" },
  { id: 1211, flavor: "centos", version: "10", name: "centos-stream-10", description: "CentOS Stream 10" },
  { id: 1213, flavor: "centos", version: "9", name: "centos-stream-9", description: "CentOS Stream 9" },
  { id: 1215, flavor: "rocky", version: "10", name: "rocky-10", description: "Rocky Linux 10" },
  { id: 1217, flavor: "rocky", version: "9", name: "rocky-9", description: "Rocky Linux 9" },
  { id: 1219, flavor: "rocky", version: "8", name: "rocky-8", description: "Rocky Linux 8" },
  { id: 1221, flavor: "alma", version: "10", name: "alma-10", description: "AlmaLinux 10" },
  { id: 1223, flavor: "alma", version: "9", name: "alma-9", description: "AlmaLinux 9" },
  { id: 1225, flavor: "alma", version: "8", name: "alma-8", description: "AlmaLinux 8" },
  { id: 1227, flavor: "opensuse", version: "16", name: "opensuse-16", description: "openSUSE Leap 16" },
];

/** One for each architecture. */
export const images: Image[] = [...booting, ...others].flatMap((row) =>
  (["x86", "arm"] as const).map((architecture, index): Image => ({
    id: row.id + index,
    type: "system",
    status: "available",
    name: row.name,
    description: row.description,
    image_size: null,
    disk_size: 5,
    created: row.version === "13" ? "2025-08-09T06:00:00Z" : "2023-06-13T06:00:00Z",
    created_from: null,
    bound_to: null,
    os_flavor: row.flavor,
    os_version: row.version,
    architecture,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: row.deprecated ?? null,
    deleted: null,
    labels: {},
  })),
);
