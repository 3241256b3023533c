import type { HostArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { ownSysctls } from "../model/own-sysctls";
import {
  limitsScript as limitsPath,
  limitsService,
  resolvConf,
  stubResolvConf,
  sysctlFile as sysctlPath,
  unitFile,
  uplinkPathUnit,
  uplinkScript as scriptPath,
  uplinkService,
} from "../model/paths";
import { wireguardKeyFact } from "../model/fact/wireguard-key";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { wantedLogins } from "./authorized-keys";
import { desired } from "./desired";
import { choice, items } from "./items";
import { neighbourProxyParts } from "./neighbour-proxy";
import { storageParts } from "./storage";
import { limitsScript, limitsUnit, sysctlFile } from "./sysctl";
import { uplinkHooks } from "./uplink-hooks";
import { uplinkScript } from "./uplink-script";

/** Packages that every host gets. */
const hostPackages = ["debootstrap", "iproute2", "systemd-container"];

/** What an NspawnHost wants of its host. The uplink's own configuration is not among it. */
export function desiredHost(args: HostArgs): Desired {
  const resolved = choice(args.resolved, "yes", "no");
  const wireguard = args.wireguard === undefined ? "no" : choice(args.wireguard, "yes", "no");
  const proxy = neighbourProxyParts(args.neighbourProxy);
  const storage = storageParts(args.storage);
  return desired({
    files: {
      ...uplinkHooks(),
      ...proxy.files,
      ...storage.files,
      [sysctlPath]: sysctlFile(args.sysctls),
      [limitsPath]: limitsScript(args.sysctls),
      [unitFile(limitsService)]: limitsUnit,
      [scriptPath]: uplinkScript(args.uplink, args.neighbourProxy),
    },
    boot: {
      packages: {
        ...Object.fromEntries([...hostPackages, ...items(args.packages)].map((name) => [name, "installed"])),
        ...proxy.packages,
        ...(wireguard === "yes" ? { "wireguard-tools": "installed" } : {}),
        ...storage.packages,
      },
      units: {
        "machines.target": "enabled",
        [limitsService]: "enabled",
        "systemd-networkd.service": "enabled",
        [uplinkService]: "enabled",
        [uplinkPathUnit]: "enabled",
        ...proxy.enabled,
        ...storage.enabled,
        ...ifResolved(resolved, { "systemd-resolved.service": "enabled" }),
      },
      authorizedKeys: wantedLogins(args),
      links: ifResolved(resolved, { [resolvConf]: stubResolvConf }),
    },
    live: {
      ...proxy.live,
      ...storage.live,
      // Unknown, it is left out.
      wireguard: wireguard === "no" ? undefined : wireguard === "yes" ? wireguardKeyFact : wireguard,
      sysctls: isUnknown(args.sysctls) ? UNKNOWN : { ...args.sysctls, ...ownSysctls },
      units: {
        "systemd-networkd.service": "active",
        [uplinkPathUnit]: "active",
        ...proxy.active,
        ...storage.active,
        ...ifResolved(resolved, { "systemd-resolved.service": "active" }),
      },
    },
  });
}

function ifResolved(resolved: string, facts: Record<string, string>): Record<string, string> {
  return resolved === "yes" ? facts : {};
}
