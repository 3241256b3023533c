/** capabilities(7), in the order of the kernel. */
const all = `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT
SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`;

/** What systemd-nspawn leaves out by itself, where a machine has a network of its own. */
const withheld = `IPC_LOCK SYS_MODULE SYS_RAWIO SYS_PACCT SYS_TIME MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND
AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`;

const named = (words: string): string[] => words.split(/\s+/).map((word) => `CAP_${word}`);

export const capabilities: readonly string[] = named(all);

/** Capabilities that only `settings.exec.capability` gives. */
export const withheldCapabilities: readonly string[] = named(withheld);
