import type { PortProtection } from "../model/fact/port";
import { machinePort } from "../model/paths";
import type { PluggedNetwork } from "../model/plugged";
import { ini } from "./ini";

/**
 * systemd.network(5) of a machine's port on a protected bridge: it reaches the host alone, and its one MAC
 * address is given, never learnt. `Bridge=` is said once more, since without it networkd leaves the rest out
 * (network-facts 3b); with it the port has no address of its own. On the LAN the address is given by the machine's unit:
 * one of networkd's is the host's own to the bridge, so what comes for it by another port ends at the host.
 */
export function machinePortNetwork(
  { bridge, mtu, plug }: PluggedNetwork,
  mac: string,
  protection: PortProtection,
): string {
  // On the LAN machines may reach each other like any two of it; the filter says which do.
  const { isolated, given } = ports[protection];
  return ini([
    ["Match", { Name: machinePort(plug) }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu?.toString() }],
    // networkd listens for LLDP before any filter.
    ["Network", { Bridge: bridge, LLDP: "no" }],
    ["Bridge", { Isolated: isolated, Learning: "no", UnicastFlood: "no", UseBPDU: "no" }],
    ["BridgeFDB", given(mac)],
  ]);
}

const ports: Record<PortProtection, { isolated: "yes" | "no"; given: (mac: string) => Record<string, string> }> = {
  isolated: { isolated: "yes", given: (mac) => ({ MACAddress: mac, AssociatedWith: "master" }) },
  guarded: { isolated: "no", given: () => ({}) },
};

/**
 * systemd.network(5) of a machine's port that nothing is said of but its bridge and its size.
 *
 * @param heard whether the host listens there; systemd's own file for such ports says so
 */
export function plainPortNetwork({ bridge, mtu, plug }: PluggedNetwork, heard: boolean): string {
  return ini([
    ["Match", { Name: machinePort(plug) }],
    ["Link", { RequiredForOnline: "no", MTUBytes: mtu?.toString() }],
    ["Network", { Bridge: bridge, LinkLocalAddressing: "no", LLDP: heard ? undefined : "no" }],
  ]);
}

/**
 * Gives a port of the LAN its MAC address for as long as the machine runs; `sticky`: it moves to no other port. systemd-nspawn
 * plugs in the first network itself; where networkd does, this waits for it.
 */
export function addressGiven({ plug, bySystemd }: PluggedNetwork, mac: string): string {
  const port = machinePort(plug);
  const given = `/usr/sbin/bridge fdb replace ${mac} dev ${port} master static sticky`;
  if (bySystemd) return given;
  const pluggedIn = `until [ -e /sys/class/net/${port}/brport ]; do sleep 0.1; done`;
  return `/usr/bin/timeout 30 /bin/sh -c '${pluggedIn}; ${given}'`;
}
