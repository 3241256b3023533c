import type { Mode } from "../model/mode";
import { plannedMode } from "./modes/planned-modes";
import type { Program } from "./program";
import type { Step } from "./step";

/** A machine on a network, to which packets' path is looked at. */
export interface Diagnosed {
  machine: string;
  /** Its interface there. */
  inside: string;
  /** Where the host routes its addresses to: the bridge, or its own cable. */
  link: string;
  /** The one with the default route when absent. */
  uplink?: string;
  /** Absent without IPv4. */
  gateway4?: string;
  mode: Mode;
  addresses: string[];
  /** To other hosts, by an address of this one. */
  tunnels?: { local: string; peers: string[] }[];
}

/** Looks at the paths to machines of one host, and at the host alone: nothing that resources of ours hold. It changes nothing. */
export function planDiagnosis(networks: Diagnosed[]): Program {
  const steps = networks.map(({ machine, inside, link, uplink, gateway4, mode, addresses }): Step => ({
    verb: "diagnose",
    ...{
      machine,
      inside,
      link,
      uplink: uplink || "-",
      gateway4: gateway4 ?? "-",
      routed: plannedMode(mode).routed ? "yes" : "no",
    },
    addresses: addresses.join(" ") || "-",
  }));
  const tunnels = new Map(networks.flatMap(({ tunnels: ways = [] }) => ways).map((way) => [way.peers.join(" "), way]));
  const peers = [...tunnels].map(([text, { local }]): Step => ({ verb: "diagnose_peers", from: local, peers: text }));
  return { steps: [...steps, ...peers, { verb: "facts", key: "none" }], texts: {}, deadline: 120 };
}
