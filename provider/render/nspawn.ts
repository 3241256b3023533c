import type { MachineArgs } from "../model/args";
import { pluggedNetworks } from "../model/plugged";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { attachment } from "./attachments";
import { fixedMac } from "./fixed-mac";
import { choice } from "./items";
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
function networkKeys(args: MachineArgs): Record<string, string | string[] | undefined> {
  const networks = pluggedNetworks(args);
  if (networks[0] !== undefined && isUnknown(networks[0].bridge)) return { Bridge: UNKNOWN };
  const keys = networks.map((network) => attachment(network.attach).nspawn(network));
  const { Bridge, VirtualEthernet } = keys[0] ?? {};
  const isAlone = Bridge === undefined && VirtualEthernet === undefined;
  return {
    ...(isAlone ? { Private: "yes", VirtualEthernet: "no" } : { Bridge, VirtualEthernet }),
    VirtualEthernetExtra: keys.flatMap((one) => one.VirtualEthernetExtra ?? []),
    MACVLAN: keys.flatMap((one) => one.MACVLAN ?? []),
  };
}

/**
 * Drop-in of the machine's unit: no start without its line in each bridge's filter, where it has one; and a start waits for
 * its bridges, which have no device unit where udev does not run, and which networkd makes some time after it has been
 * started at boot.
 */
export function unitDropIn(args: MachineArgs): string {
  const networks = pluggedNetworks(args);
  const before = networks.flatMap((network) => {
    const { before: of, mac } = attachment(network.attach);
    return of(network, mac(args, network));
  });
  const after = networks.flatMap((network) => {
    const mac = fixedMac(args, network);
    return (mac === undefined ? undefined : renderedMode(network.mode).afterStart?.(network, mac)) ?? [];
  });
  // A unit with a filter starts after network.target, which is after networkd and the filter.
  const isGuarded = networks.length > 0 && networks.every((network) => fixedMac(args, network) !== undefined);
  return ini([
    ["Unit", { After: isGuarded ? undefined : "systemd-networkd.service" }],
    ["Service", { ExecStartPre: before, ExecStartPost: after }],
  ]);
}

/** Whether the unit is enabled, as systemctl says it. */
export function enablement(startAtBoot: boolean): string {
  return choice(startAtBoot, "enabled", "disabled");
}
