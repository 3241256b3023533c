import { filterFile, filterService, filterTable, machinePort } from "../model/paths";
import { ini } from "./ini";

const nft = "/usr/sbin/nft";

/** Loads the filter at boot, before the network and so before any machine. */
export function filterUnit(bridge: string): string {
  const load = `${nft} -f ${filterFile(bridge)}`;
  return ini([
    [
      "Unit",
      {
        Description: `Packet filter of the machines on ${bridge}`,
        DefaultDependencies: "no",
        Conflicts: "shutdown.target",
        Wants: "network-pre.target",
        After: "pulumi-nspawn-guard.service nftables.service",
        Before: "network-pre.target shutdown.target",
      },
    ],
    ["Service", { Type: "oneshot", RemainAfterExit: "yes", ExecStart: load, ExecReload: load }],
    ["Install", { WantedBy: "sysinit.target" }],
  ]);
}

/** nftables.service flushes everything when it is loaded again and when it stops (network-facts 5). */
export function nftablesUnit(bridge: string): string {
  const load = `-${nft} -f ${filterFile(bridge)}`;
  return ini([["Service", { ExecStartPost: load, ExecReload: load, ExecStopPost: load }]]);
}

/** A command that fails, and says why, when the filter does not know a machine's port. */
export function filterGuard(bridge: string, machine: string): string {
  const port = machinePort(machine);
  const known = `${nft} get element bridge ${filterTable(bridge)} members { ${port} } >/dev/null`;
  const complaint = `the packet filter of ${bridge} does not know ${port}, so the machine is not started; see systemctl status ${filterService(bridge)}`;
  return `/bin/sh -c '${known} || { echo "${complaint}"; exit 1; }'`;
}
