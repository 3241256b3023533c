/** A way to attach machines, and what it means for a program and its host. */
export interface Mode {
  name: string;
  /** Whether its host is one of the plain LAN. */
  lan: boolean;
  network: object;
  /** The machine's interface on the host. */
  port: (machine: string) => string;
}

export const modes: readonly Mode[] = [
  { name: "routed", lan: false, network: {}, port: (name) => `vb-${name}` },
  { name: "veth", lan: false, network: { attach: "veth" }, port: (name) => `ve-${name}` },
  {
    name: "transparent",
    lan: true,
    network: { mode: "transparent", allowForeignMacs: true },
    port: (name) => `vb-${name}`,
  },
];
