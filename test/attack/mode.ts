import { combinations } from "./combination";

/** A way to attach machines, and what it means for a program and its host. */
export interface Mode {
  name: string;
  /** Whether its host is one of the plain LAN, which gives machines their addresses. */
  lan: boolean;
  network: object;
  /** Those that it has. */
  combinations: readonly string[];
}

export const modes: readonly Mode[] = [
  { name: "routed", lan: false, network: {}, combinations: combinations.map(({ name }) => name) },
  // One uplink makes one such bridge, and what machines of a LAN send each other passes no firewall of the host.
  {
    name: "transparent",
    lan: true,
    network: { mode: "transparent", allowForeignMacs: true },
    combinations: ["plain", "separate", "services"],
  },
];
