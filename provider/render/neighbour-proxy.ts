import { hostText } from "../host/text";
import type { HostArgs } from "../model/args";
import { neighbourScript, neighbourService, runtimeDirectory, unitFile, uplinkService } from "../model/paths";
import type { DesiredDraft } from "./desired";
import { header } from "./header";
import { ini } from "./ini";

/** Written by the uplink script, which knows the uplink and what is listed. Debian's own script would read another one. */
const configuration = `${runtimeDirectory}/ndppd.conf`;

const script = `#!/bin/sh\n${header}${hostText("ndppd-run.sh", { CONFIGURATION: configuration })}`;

const unit = ini([
  [
    "Unit",
    {
      Description: "Answer on the uplink for the subnets of nspawn machines",
      After: uplinkService,
      ConditionPathExists: configuration,
      StartLimitIntervalSec: "0",
    },
  ],
  [
    "Service",
    {
      ExecStart: neighbourScript,
      // It ends when its interface goes down.
      Restart: "always",
      RestartSec: "2",
      CapabilityBoundingSet: "CAP_NET_ADMIN CAP_NET_RAW",
      NoNewPrivileges: "yes",
      ProtectHome: "yes",
      ProtectSystem: "strict",
    },
  ],
  ["Install", { WantedBy: "multi-user.target" }],
]);

type Parts = Required<Pick<DesiredDraft, "files">> &
  Record<"packages" | "enabled" | "active", Record<string, string>> & {
    live: Record<string, string>;
  };

const proxies: Record<NonNullable<HostArgs["neighbourProxy"]>, Parts> = {
  ndppd: {
    files: { [unitFile(neighbourService)]: unit, [neighbourScript]: script },
    packages: { ndppd: "installed" },
    enabled: { [neighbourService]: "enabled" },
    active: { [neighbourService]: "active" },
    live: { answers: "as listed" },
  },
};

const nobody: Parts = { files: {}, packages: {}, enabled: {}, active: {}, live: {} };

/** What answers on the uplink for whole subnets, S1.53; an unknown one is as none. */
export const neighbourProxyParts = (asked: HostArgs["neighbourProxy"]): Parts =>
  asked !== undefined && Object.hasOwn(proxies, asked) ? proxies[asked] : nobody;
