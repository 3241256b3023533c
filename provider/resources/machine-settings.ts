import type * as pulumi from "@pulumi/pulumi";

/**
 * Settings of `[Exec]` in systemd.nspawn(5) that other arguments do not cover. A change restarts the machine.
 */
export interface MachineExecSettings {
  /**
   * Capabilities (capabilities(7)) to allow beside the usual ones, or to give back to a confined machine, such as
   * `["CAP_SYS_RESOURCE"]`. They apply in the machine's user namespace. With `privateUsers: "no"` they would apply on the
   * host, so all but the usual ones are refused. Default: none.
   */
  capability?: pulumi.Input<pulumi.Input<string>[]>;
  /** Capabilities to drop. Default: none beyond those that `confined` drops. */
  dropCapability?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Disable setuid programs such as `su` and `sudo`, and file capabilities, in the whole machine: `NoNewPrivileges=`.
   * Default false.
   */
  noNewPrivileges?: pulumi.Input<boolean>;
  /**
   * System calls and groups (`@keyring`) to allow beside the usual ones, or to deny with a leading `~`, such as
   * `["~@mount"]`: `SystemCallFilter=`. Default: none beyond what `confined` denies.
   */
  systemCallFilter?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Environment of the machine's PID 1: `Environment=`. A unit inside sees the variables that its `PassEnvironment=` names.
   * Not for secrets. Default: none.
   */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Maximum number of open files of each process, 1024 to 1048576: `LimitNOFILE=`. Nothing in the machine can raise it.
   * Default: the host's.
   */
  limitNOFILE?: pulumi.Input<number>;
  /** Bytes that each process may lock in memory, at least 65536: `LimitMEMLOCK=`. Default: the host's. */
  limitMEMLOCK?: pulumi.Input<number>;
}

/** A file or directory of the host, mounted into the machine. */
export interface MachineMount {
  /**
   * Path on the host, below `/data`, `/home`, `/media`, `/mnt`, `/opt` or `/srv`. No part of it may be a symbolic link.
   */
  source: pulumi.Input<string>;
  /** Path in the machine. Default: the path on the host. */
  target?: pulumi.Input<string>;
  /**
   * Mapping of owners. `rootidmap` maps the owner of the source, which must not be root, to the machine's root. Default: no
   * mapping; the machine sees the files as owned by nobody.
   */
  map?: pulumi.Input<"rootidmap">;
}

/** Settings of `[Files]` in systemd.nspawn(5). A change restarts the machine. */
export interface MachineFilesSettings {
  /** Files and directories of the host to mount for reading and writing: `Bind=`. Default: none. */
  bind?: pulumi.Input<pulumi.Input<MachineMount>[]>;
  /** Files and directories of the host to mount read-only: `BindReadOnly=`. Default: none. */
  bindReadOnly?: pulumi.Input<pulumi.Input<MachineMount>[]>;
  /** Paths in the machine to mount as an empty tmpfs at each start: `TemporaryFileSystem=`. Default: none. */
  temporaryFileSystem?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Settings of systemd.nspawn(5) that other arguments do not cover; only those that cannot silently undo the machine's
 * isolation. See docs/security.md#to-give-back-and-to-take-more.
 */
export interface MachineSettings {
  /** How the machine is run: capabilities, system calls, environment, limits of processes. Default: none. */
  exec?: pulumi.Input<MachineExecSettings>;
  /** What is mounted into the machine. Default: none. */
  files?: pulumi.Input<MachineFilesSettings>;
}

/** Limits of the machine's unit, systemd.resource-control(5). A change applies at once, without a restart. */
export interface MachineLimits {
  /** CPU time in percent of one CPU, 1 to 100000; 150 is one and a half: `CPUQuota=`. Default: no limit. */
  cpuQuota?: pulumi.Input<number>;
  /** Relative share of CPU time under contention, 1 to 10000: `CPUWeight=`. Default: the kernel's, 100. */
  cpuWeight?: pulumi.Input<number>;
  /** Memory in bytes, at least 32 MiB; a process that needs more is killed: `MemoryMax=`. Default: no limit. */
  memoryMax?: pulumi.Input<number>;
  /**
   * Memory in bytes, at least 32 MiB, above which processes are slowed down and their memory is taken back, before `memoryMax`
   * kills any: `MemoryHigh=`. At most `memoryMax`. Default: no limit.
   */
  memoryHigh?: pulumi.Input<number>;
  /** Number of processes and threads, at least 64: `TasksMax=`. Default: systemd-nspawn's, 16384. */
  tasksMax?: pulumi.Input<number>;
  /** Relative share of disk I/O under contention, 1 to 10000: `IOWeight=`. Default: the kernel's, 100. */
  ioWeight?: pulumi.Input<number>;
  /**
   * Bytes that the machine's tree may take beside its image, at least 64 MiB; more is refused to the machine as a full quota
   * (`EDQUOT`). What the tree has from before the first quota is not counted. Needs storage of type btrfs, and Linux 6.7 (Debian
   * 13). Not together with `ephemeral`. Default: no limit but the storage's.
   */
  diskQuota?: pulumi.Input<number>;
  /**
   * Accept a host whose kernel cannot enforce a limit, with a warning, instead of failing with `NSPAWN_KERNEL_FEATURE`.
   * Default false.
   */
  optional?: pulumi.Input<boolean>;
}
