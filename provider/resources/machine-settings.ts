import type * as pulumi from "@pulumi/pulumi";

type Names = pulumi.Input<pulumi.Input<string>[]>;

/** Keys of `[Exec]` in systemd.nspawn(5), beside what other arguments say. A change restarts the machine. */
export interface MachineExecSettings {
  /**
   * Capabilities beside the usual ones, or given back to a confined machine: `["CAP_SYS_RESOURCE"]`. They hold in the
   * machine's own user namespace; with `privateUsers: "no"`, where they would hold on the host, only usual ones pass.
   */
  capability?: Names;
  /** Capabilities that the machine goes without. */
  dropCapability?: Names;
  /** `su`, `sudo` and other setuid programs gain nothing any more, in the whole machine. Default false. */
  noNewPrivileges?: pulumi.Input<boolean>;
  /** System calls and groups (`@keyring`) allowed beside the usual ones; with `~` before it, denied: `["~@mount"]`. */
  systemCallFilter?: Names;
  /** Environment of the machine's PID 1; its units take over what their `PassEnvironment=` names. Not for secrets. */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Open files of each process, at most; 1024 to 1048576. Nothing inside raises it. Default: the host's. */
  limitNOFILE?: pulumi.Input<number>;
  /** Bytes that each process may lock in memory. Default: the host's. */
  limitMEMLOCK?: pulumi.Input<number>;
}

/** A file or folder of the host, mounted into the machine. */
export interface MachineMount {
  /** On the host, below `/data`, `/home`, `/media`, `/mnt`, `/opt` or `/srv`; no part of the path may be a link. */
  source: pulumi.Input<string>;
  /** In the machine. Default: the same path. */
  target?: pulumi.Input<string>;
  /** `rootidmap`: the machine's root is the source's owner there, which is not root. Default: files are nobody's. */
  map?: pulumi.Input<"rootidmap">;
}

/** Keys of `[Files]` in systemd.nspawn(5). A change restarts the machine. */
export interface MachineFilesSettings {
  bind?: pulumi.Input<pulumi.Input<MachineMount>[]>;
  bindReadOnly?: pulumi.Input<pulumi.Input<MachineMount>[]>;
  /** Paths in the machine that are empty at each start and kept in memory. */
  temporaryFileSystem?: Names;
}

/** What systemd.nspawn(5) has beside what other arguments say; only keys that cannot undo the machine's isolation unseen. */
export interface MachineSettings {
  exec?: pulumi.Input<MachineExecSettings>;
  files?: pulumi.Input<MachineFilesSettings>;
}

/** systemd.resource-control(5) of the machine's unit, in force at once, without a restart. */
export interface MachineLimits {
  /** Percent of one CPU: 150 is one and a half. */
  cpuQuota?: pulumi.Input<number>;
  /** Share of the CPU when it is short, 1 to 10000; 100 is everybody's. */
  cpuWeight?: pulumi.Input<number>;
  /** Bytes; what needs more is ended. At least 32 MiB. */
  memoryMax?: pulumi.Input<number>;
  /** Processes and threads together, at least 64. Default: systemd-nspawn's own, 16384. */
  tasksMax?: pulumi.Input<number>;
  /** Share of the disk when it is short, 1 to 10000; 100 is everybody's. */
  ioWeight?: pulumi.Input<number>;
  /** Whether a host whose kernel lacks a controller is taken all the same, with a warning. Default false. */
  optional?: pulumi.Input<boolean>;
}
