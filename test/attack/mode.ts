import { combinations } from "./combination";

/** A way to attach machines, and what it means for a program and its host. */
export interface Mode {
  name: string;
  /** Whether its host is one of the plain LAN, which gives machines their addresses. */
  lan: boolean;
  network: object;
  /** With isolation, each machine has a cable of its own. Without isolation there are none: the control is on a bridge. */
  cables?: boolean;
  /** What is attacked is not the network but the host's files, through what root does in a machine's tree. */
  files?: boolean;
  /** Those that it has. */
  combinations: readonly string[];
}

const all = combinations.map(({ name }) => name);

export const modes: readonly Mode[] = [
  { name: "routed", lan: false, network: {}, combinations: all },
  // One uplink makes one such bridge, and what machines of a LAN send each other passes no firewall of the host.
  {
    name: "transparent",
    lan: true,
    network: { mode: "transparent", allowForeignMacs: true },
    combinations: ["plain", "separate", "services"],
  },
  { name: "veth", lan: false, network: {}, cables: true, combinations: all },
  { name: "files", lan: false, network: {}, files: true, combinations: ["plain"] },
];

/** For trials: where the host routes, and where a bridge has tables that can be filled. */
export const routed = ["routed", "veth"];
export const bridged = ["routed", "transparent"];
