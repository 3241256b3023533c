import { hostText, perlText } from "../host/text";
import type { HealthArgs, MachineArgs } from "../model/args";
import { healthScript, healthService, healthTimer, unitFile } from "../model/paths";
import { UNKNOWN, hasUnknown, isUnknown } from "../model/unknown";
import { header } from "./header";
import { ini } from "./ini";

type Health = Pick<MachineArgs, "name" | "health">;

/** Where a program does not say. Frozen: another one would change the files of old state. */
const usual = { interval: 30, timeout: 5, retries: 3, startPeriod: 60, action: "restart" } as const;

/** How long what is around the check may take: what systemd says of the machine, and the start of its restart. */
const around = 60;

/** What looks after a machine: files by path, and its units. Nothing without `health`, or where a preview does not know it. */
export interface HealthParts {
  files: Record<string, string>;
  enabled: Record<string, string>;
  active: Record<string, string>;
}

const nobody: HealthParts = { files: {}, enabled: {}, active: {} };

/** A timer that is always there, with or without the machine's running, and a service that is one check. */
export function healthParts({ name, health }: Health): HealthParts {
  if (health === undefined || hasUnknown([name, health])) return nobody;
  const [service, timer] = [healthService(name), healthTimer(name)];
  return {
    files: {
      [healthScript(name)]: script(name, health),
      [unitFile(service)]: serviceText(name, health),
      [unitFile(timer)]: timerText(name, health),
    },
    enabled: { [service]: "static", [timer]: "enabled" },
    active: { [timer]: "active" },
  };
}

/** Whether the machine may be started again at any time; unknown where a preview does not know it. */
export function healthRestarts({ health }: Pick<MachineArgs, "health">): boolean | typeof UNKNOWN {
  if (health === undefined) return false;
  return isUnknown(health) || isUnknown(health.action) ? UNKNOWN : (health.action ?? usual.action) === "restart";
}

function serviceText(name: string, { timeout = usual.timeout }: HealthArgs): string {
  return ini([
    ["Unit", { Description: `Check of the machine ${name}` }],
    [
      "Service",
      {
        Type: "oneshot",
        ExecStart: `/bin/sh ${healthScript(name)}`,
        RuntimeDirectory: "pulumi-nspawn-health",
        RuntimeDirectoryMode: "0700",
        RuntimeDirectoryPreserve: "yes",
        TimeoutStartSec: String(timeout + around),
        // Else two lines of the journal at each check.
        LogLevelMax: "notice",
        // A machine may have addresses without end.
        LimitAS: "512M",
        NoNewPrivileges: "yes",
      },
    ],
  ]);
}

/** After the end of the last check, and a little apart from those of other machines. */
function timerText(name: string, { interval = usual.interval }: HealthArgs): string {
  return ini([
    ["Unit", { Description: `Checks of the machine ${name}` }],
    [
      "Timer",
      {
        OnActiveSec: String(interval),
        OnUnitInactiveSec: String(interval),
        RandomizedDelaySec: String(Math.ceil(interval / 10)),
        AccuracySec: "1",
      },
    ],
    ["Install", { WantedBy: "timers.target" }],
  ]);
}

function script(name: string, health: HealthArgs): string {
  const { timeout, retries, startPeriod, action } = { ...usual, ...health };
  const { kind, words } = checkOf(health);
  return [
    "#!/bin/sh\n",
    header,
    `machine=${name} timeout=${timeout} retries=${retries} start_period=${startPeriod} action=${action}\n`,
    `set -- ${words.map(quoted).join(" ")}\n`,
    kind === "serve" ? `serve=${quoted(perlText("serve"))}\n` : "",
    hostText(`health/${kind}.sh`),
    hostText("health/check.sh"),
  ].join("");
}

function checkOf({ tcp, http, command }: HealthArgs): { kind: "serve" | "command" | "manager"; words: string[] } {
  if (tcp !== undefined) return { kind: "serve", words: [String(tcp), "-"] };
  if (http !== undefined) return { kind: "serve", words: [String(http.port), http.path ?? "/"] };
  // The machine's service manager puts variables in.
  if (command !== undefined) return { kind: "command", words: command.map((word) => word.replaceAll("$", "$$$$")) };
  return { kind: "manager", words: [] };
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
