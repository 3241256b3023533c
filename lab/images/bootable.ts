/** Images that servers of the lab boot from. Those with more than a release in the name are the lab's own. */
export const bootable: readonly string[] = ["debian-12", "debian-12-static", "debian-12-lan", "debian-12-lan-networkd"];
