/**
 * What a confined machine goes without beside what systemd-nspawn withholds by itself. Measured: a Debian guest with
 * networkd, logind, sshd, cron, apt, sudo and sandboxed units does the same with and without these (docs/security.md).
 * A change of these lists is a change of every machine's `.nspawn`, and so a restart.
 */
export const droppedCapabilities: readonly string[] = [
  "CAP_AUDIT_CONTROL",
  "CAP_IPC_OWNER",
  "CAP_LEASE",
  "CAP_LINUX_IMMUTABLE",
  "CAP_MKNOD",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TTY_CONFIG",
];

/** System calls in systemd-nspawn's own list of allowed ones that programs do without when they have to. */
export const deniedCalls: readonly string[] = ["io_uring_enter", "io_uring_register", "io_uring_setup", "userfaultfd"];
