/** What a machine's `settings` and `limits` are in state. Only ever add to them, like to the rest of the arguments. */

/** Keys of `[Exec]` in systemd.nspawn(5). */
export interface ExecSettings {
  /** Given beside the usual ones, or given back. */
  capability?: string[];
  dropCapability?: string[];
  noNewPrivileges?: boolean;
  /** Calls and groups that are allowed beside the usual ones; with `~` before it, denied. */
  systemCallFilter?: string[];
  /** Of the machine's PID 1. */
  environment?: Record<string, string>;
  limitNOFILE?: number;
  /** Bytes. */
  limitMEMLOCK?: number;
}

export interface BindSettings {
  source: string;
  /** The source's path when absent. */
  target?: string;
  /** `rootidmap`: the machine's root is the source's owner there. Absent: the files are nobody's inside. */
  map?: "rootidmap";
}

/** Keys of `[Files]`. */
export interface FilesSettings {
  bind?: BindSettings[];
  bindReadOnly?: BindSettings[];
  temporaryFileSystem?: string[];
}

export interface SettingsArgs {
  exec?: ExecSettings;
  files?: FilesSettings;
}

/** Resource control of the machine's unit, systemd.resource-control(5). */
export interface LimitsArgs {
  /** Percent of one CPU. */
  cpuQuota?: number;
  cpuWeight?: number;
  /** Bytes. */
  memoryMax?: number;
  /** Bytes. */
  memoryHigh?: number;
  tasksMax?: number;
  ioWeight?: number;
  /** Bytes that the machine's tree may take beside its image. */
  diskQuota?: number;
  /** Whether a host that cannot enforce them is taken all the same. */
  optional?: boolean;
}
