import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { attachment } from "./attachments";
import { bridgeAwaited } from "./filter/filter-script";
import { filterGuard } from "./filter/filter-units";
import { choice, items } from "./items";
import { ini } from "./ini";
import { renderedMode } from "./modes/rendered-modes";
import { execSettings, filesSettings } from "./settings";

/** systemd.nspawn(5), S1.29 and S1R.06. */
export function nspawn(args: MachineArgs): string {
  return ini([
    [
      "Exec",
      {
        Boot: "yes",
        Ephemeral: isUnknown(args.ephemeral) ? UNKNOWN : args.ephemeral ? "yes" : undefined,
        Hostname: args.hostname === args.name ? undefined : args.hostname,
        PrivateUsers: args.privateUsers,
        // Else each start makes the guest's time zone the host's.
        Timezone: args.timezone === undefined ? undefined : "off",
        ...execSettings(args),
      },
    ],
    // In [Exec] it has no effect (lab.md 9). `auto` maps the ids where the kernel can, and changes the owners elsewhere.
    ["Files", { PrivateUsersOwnership: ownership(args.privateUsers), ...filesSettings(args) }],
    ["Network", networkKeys(args)],
  ]);
}

function ownership(privateUsers: string): string | undefined {
  if (isUnknown(privateUsers)) return UNKNOWN;
  return privateUsers === "no" || privateUsers === "identity" ? undefined : "auto";
}

/** Without a bridge the machine has loopback only: the unit's default cable would be translated by a stock file. */
function networkKeys(args: MachineArgs): Record<string, string> {
  const [network] = items(args.networks);
  if (network === undefined) return { Private: "yes", VirtualEthernet: "no" };
  if (isUnknown(network)) return { Bridge: UNKNOWN };
  return attachment(network.attach).nspawn(network.bridge);
}

/**
 * Drop-in of the machine's unit: no start without its line in the bridge's filter, where it has one; and a start waits for
 * its bridge, which has no device unit where udev does not run, and which networkd makes some time after it has been
 * started at boot.
 *
 * @param mac when it is given
 */
export function unitDropIn(machine: string, network: MachineNetworkArgs | undefined, mac?: string): string {
  const networkd = "systemd-networkd.service";
  if (network === undefined) return ini([["Unit", { After: networkd }]]);
  const { bridge, mode, attach } = network;
  if (mac === undefined)
    return ini([
      ["Unit", { After: networkd }],
      ["Service", { ExecStartPre: `/usr/bin/timeout 30 /bin/sh -c '${bridgeAwaited(bridge)}'` }],
    ]);
  // The unit itself starts after network.target, which is after networkd and the filter.
  const after = renderedMode(mode).afterStart?.(machine, mac);
  return ini([["Service", { ExecStartPre: filterGuard(bridge, machine, attach), ExecStartPost: after }]]);
}

/** Whether the unit is enabled, as systemctl says it. */
export function enablement(startAtBoot: boolean): string {
  return choice(startAtBoot, "enabled", "disabled");
}
