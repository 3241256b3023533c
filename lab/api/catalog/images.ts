import { hostImages } from "../../images/host-images";
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
  rapid_deploy: true,
  protection: { delete: false },
  deprecated: null,
  deleted: null,
  labels: {},
};

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

/** Debian of two releases, and the lab's own variants of it. */
export const images: Image[] = hostImages.flatMap(({ name, version, description }) =>
  (["x86", "arm"] as const).map((architecture, index) => ({
    ...{ ...common, ...(version === "13" ? { created: "2025-08-09T06:00:00Z" } : {}) },
    ...{ id: (firstIds[name] ?? 0) + index, name, description, architecture, os_version: version },
  })),
);
