import type { Trial } from "../trial";

const way = (check: string, name: string, more: Partial<Trial> = {}): Trial => ({
  name,
  victim: "kernel",
  script: `python3 -B /opt/attack/escape.py ${check}`,
  controlAt: "host",
  ...more,
});

const withoutIt = "the kernel of the machine that the lab runs on may be built without it";

/** Ways out of the machine, tried as its root. Without a network's isolation they are as shut, so the control is the host. */
export const escape: readonly Trial[] = [
  way("users", "root of the machine is root of the host"),
  way("capabilities", "capabilities that reach the kernel"),
  way("mknod", "a device node (mknod)"),
  way("devtmpfs", "mount of all devices"),
  way("proc-sys", "settings of the kernel, /proc/sys mounted writable"),
  way("fresh-proc", "settings of the kernel by a fresh /proc"),
  way("sys", "settings of the kernel in /sys", { harmless: "the hosts of the lab have /sys read-only themselves" }),
  way("sysrq", "/proc/sysrq-trigger", { harmless: withoutIt }),
  way("kernel-log", "the kernel's log"),
  way("kexec", "another kernel (kexec)", {
    harmless: "not tried on the host: it would forget a kernel that waits there",
  }),
  way("module", "a module of the kernel", { harmless: withoutIt }),
  way("bpf", "a program in the kernel (bpf)"),
  way("keyctl", "keys in the kernel (keyctl)"),
  way("handle", "files by their handle (open_by_handle_at)"),
  way("ports", "ports of the hardware (ioperm)", { harmless: withoutIt }),
  way("clock", "the host's clock"),
  way("own-limits", "the machine's own limits"),
];
