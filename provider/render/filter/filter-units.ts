import type { Attach } from "../../model/mode";
import { filterScriptFile, machinePort } from "../../model/paths";
import { ini } from "../ini";

const script = (bridge: string, command: string): string => `/bin/sh ${filterScriptFile(bridge)} ${command}`;

/** Loads the filter at boot, before the network and so before any machine. */
export function filterUnit(bridge: string): string {
  const load = script(bridge, "load");
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
  const load = `-${script(bridge, "load")}`;
  return ini([["Service", { ExecStartPost: load, ExecReload: load, ExecStopPost: load }]]);
}

/** Waits for the bridge, and fails with the reason when its filter does not know the machine. */
export const filterGuard = (bridge: string, plug: string, attach?: Attach): string =>
  script(bridge, `await ${machinePort(plug, attach)}`);
