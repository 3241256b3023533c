import {
  networkdConfiguration,
  dhclientHook,
  ifUpHook,
  unitFile,
  uplinkPathUnit,
  uplinkScript,
  uplinkService,
} from "../model/paths";
import { header } from "./header";
import { ini } from "./ini";

/**
 * What runs the uplink script again, per dialect of network configuration (network-facts 3): the kernel forgets the
 * entries when the link goes down, and IPv4's when the last address goes.
 */
export function uplinkHooks(): Record<string, string> {
  return {
    [ifUpHook]: `#!/bin/sh\n${header}[ "\${IFACE:-}" = lo ] || ${uplinkScript} || :\nexit 0\n`,
    // Sourced by dhclient-script: it neither ends the script nor leaves a variable or a bad status behind.
    [dhclientHook]: `${header}case "\${reason:-}" in\nBOUND | RENEW | REBIND | REBOOT) ${uplinkScript} || : ;;\nesac\n:\n`,
    [unitFile(uplinkService)]: service,
    [unitFile(uplinkPathUnit)]: pathUnit,
    [networkdConfiguration]: ini([["Network", { ...foreign }]]),
  };
}

/**
 * What networkd does not know it leaves alone when it starts. From systemd 256 on it makes nexthops of its own for routers
 * that advertise themselves, and without the third line takes away those of its last life, and with them the default
 * route, until the next advertisement (3.5 s in the lab); systemd 252 says that it does not know that line.
 */
const foreign = { ManageForeignRoutes: "no", ManageForeignRoutingPolicyRules: "no", ManageForeignNextHops: "no" };

const service = ini([
  [
    "Unit",
    {
      Description: "Answer on the uplink for the addresses of nspawn machines",
      After: "network.target networking.service systemd-networkd.service",
      // The path unit starts it as often as links change.
      StartLimitIntervalSec: "0",
    },
  ],
  ["Service", { Type: "oneshot", RemainAfterExit: "no", ExecStart: uplinkScript }],
  ["Install", { WantedBy: "multi-user.target" }],
]);

const pathUnit = ini([
  ["Unit", { Description: "Watch the links for the uplink of nspawn machines" }],
  ["Path", { PathChanged: "/run/systemd/netif/links", Unit: uplinkService }],
  ["Install", { WantedBy: "multi-user.target" }],
]);
