import type { MachineNetworkArgs } from "../model/args";
import { machinePort } from "../model/paths";
import { ini } from "./ini";

/**
 * systemd.network(5) of a machine's port on a protected bridge: it reaches the host alone, and its one MAC
 * address is given, never learnt. `Bridge=` is said once more, since without it networkd leaves the rest out
 * (network-facts 3b); with it the port has no address of its own.
 */
export function machinePortNetwork({ bridge, mode }: MachineNetworkArgs, machine: string, mac: string): string {
  // On the LAN machines may reach each other like any two of it; the filter says which do.
  const isolated = mode === "transparent" ? "no" : "yes";
  return ini([
    ["Match", { Name: machinePort(machine) }],
    ["Link", { RequiredForOnline: "no" }],
    // networkd listens for LLDP before any filter.
    ["Network", { Bridge: bridge, LLDP: "no" }],
    ["Bridge", { Isolated: isolated, Learning: "no", UnicastFlood: "no", UseBPDU: "no" }],
    ["BridgeFDB", { MACAddress: mac, AssociatedWith: "master" }],
  ]);
}
