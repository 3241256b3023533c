/** Debian's releases that the lab has: each as a mirror, and as servers that boot it. */
export const suites = ["bookworm", "trixie"] as const;
export type Suite = (typeof suites)[number];
