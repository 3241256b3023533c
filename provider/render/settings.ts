import type { MachineArgs } from "../model/args";
import { deniedCalls, droppedCapabilities } from "../model/confinement";
import type { BindSettings } from "../model/container-args";
import { UNKNOWN, hasUnknown } from "../model/unknown";

type Keys = Record<string, string | string[] | undefined>;

/** A line of names, none for no names. */
const line = (names: readonly string[], before = ""): string[] =>
  names.length === 0 ? [] : [`${before}${names.join(" ")}`];

type ExecSettings = NonNullable<NonNullable<MachineArgs["settings"]>["exec"]>;

/** What is meant by saying nothing. */
const noExec: Required<Pick<ExecSettings, "capability" | "dropCapability" | "systemCallFilter" | "environment">> = {
  capability: [],
  dropCapability: [],
  systemCallFilter: [],
  environment: {},
};

/** Keys of `[Exec]` that `confined` and `settings` make. systemd-nspawn's order: what is denied wins over what is allowed. */
export function execSettings({ confined, settings }: MachineArgs): Keys {
  if (hasUnknown([confined, settings])) return { DropCapability: UNKNOWN };
  const exec: typeof noExec & ExecSettings = { ...noExec, ...settings?.exec };
  const { capability, dropCapability, systemCallFilter, environment } = exec;
  const allowed = systemCallFilter.filter((call) => !call.startsWith("~"));
  const without = (usual: readonly string[], given: string[]): string[] =>
    confined ? usual.filter((name) => !given.includes(name)) : [];
  const dropped = [...new Set([...without(droppedCapabilities, capability), ...dropCapability])].sort();
  const denied = systemCallFilter.filter((call) => call.startsWith("~")).map((call) => call.slice(1));
  const calls = [...new Set([...without(deniedCalls, allowed), ...denied])].sort();
  return {
    Capability: line(capability),
    DropCapability: line(dropped),
    NoNewPrivileges: exec.noNewPrivileges === true ? "yes" : undefined,
    SystemCallFilter: [...line(allowed), ...line(calls, "~")],
    Environment: Object.entries(environment).map(([name, value]) => `"${name}=${value}"`),
    LimitNOFILE: exec.limitNOFILE?.toString(),
    LimitMEMLOCK: exec.limitMEMLOCK?.toString(),
  };
}

/** Keys of `[Files]` that `settings` makes. */
export function filesSettings({ settings }: MachineArgs): Keys {
  if (hasUnknown(settings)) return { Bind: UNKNOWN };
  const { bind = [], bindReadOnly = [], temporaryFileSystem = [] } = settings?.files ?? {};
  return {
    Bind: bind.map(mount),
    BindReadOnly: bindReadOnly.map(mount),
    TemporaryFileSystem: temporaryFileSystem,
  };
}

function mount({ source, target = source, map }: BindSettings): string {
  return [source, target, map ?? []].flat().join(":");
}

/** The host's files and folders that are mounted into the machine. */
export function mountSources({ settings }: MachineArgs): string[] {
  const { bind = [], bindReadOnly = [] } = settings?.files ?? {};
  return [...new Set([...bind, ...bindReadOnly].map(({ source }) => source))].sort();
}
