import { cloudPackages } from "../packages/contents";
import type { Suite } from "../packages/suites";

/** What disks of servers are copied from. */
export interface Tree {
  name: string;
  suite: Suite;
  /** With their dependencies, without what they recommend. */
  packages: readonly string[];
}

/**
 * What configures the network of each: ifupdown with the DHCP client that its release has as the usual one, or, as in
 * Debian's own cloud images, netplan, networkd and resolved.
 */
export const trees = [
  { name: "debian-12", suite: "bookworm", packages: [...cloudPackages, "ifupdown", "isc-dhcp-client"] },
  { name: "debian-13", suite: "trixie", packages: [...cloudPackages, "ifupdown", "dhcpcd-base"] },
  {
    name: "debian-13-netplan",
    suite: "trixie",
    packages: [...cloudPackages, "netplan.io", "systemd-resolved", "libnss-resolve"],
  },
] as const satisfies readonly Tree[];

export type TreeName = (typeof trees)[number]["name"];
