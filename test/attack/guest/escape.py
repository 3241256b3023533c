"""escape CHECK: exit code 0 when a way out of the machine is open, 1 when it is shut. Nothing outside is changed."""
import ctypes
import os
import platform
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = {"kexec_load": 246, "init_module": 175, "bpf": 321, "add_key": 248, "ioperm": 173, "adjtimex": 159, "syslog": 103}
ARM = {"kexec_load": 104, "init_module": 105, "bpf": 280, "add_key": 217, "ioperm": -1, "adjtimex": 171, "syslog": 116}
NUMBERS = ARM if platform.machine() == "aarch64" else X86
DANGEROUS = {"SYS_MODULE": 16, "SYS_RAWIO": 17, "SYS_TIME": 25, "MAC_ADMIN": 33, "SYSLOG": 34, "PERFMON": 38, "BPF": 39}


def call(name, *args):
    """0, or why the kernel refused. -1 as an errno: it is asked for nothing, so that a refusal is the only failure."""
    wide = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return 0 if libc.syscall(ctypes.c_long(NUMBERS[name]), *wide) >= 0 else ctypes.get_errno()


def writable(path):
    try:
        os.close(os.open(path, os.O_WRONLY))
        return True
    except OSError:
        return False


def alone(script):
    """In a mount namespace of its own, which ends with it."""
    return subprocess.run(["unshare", "--mount", "sh", "-ec", script], capture_output=True).returncode == 0


def capabilities():
    held = int(next(line for line in open("/proc/self/status") if line.startswith("CapEff")).split()[1], 16)
    return any(held >> bit & 1 for bit in DANGEROUS.values())


def own_users():
    return open("/proc/self/uid_map").read().split() == ["0", "0", "4294967295"]


def device_node():
    path = "/tmp/attack-node"
    try:
        os.mknod(path, 0o060600, os.makedev(7, 0))
    except OSError:
        return False
    os.unlink(path)
    return True


def by_handle():
    """Opens the root folder by its handle, the way out of early containers."""

    class Handle(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("type", ctypes.c_int), ("data", ctypes.c_ubyte * 128)]

    handle, mount = Handle(size=128), ctypes.c_int()
    if libc.name_to_handle_at(-100, b"/opt", ctypes.byref(handle), ctypes.byref(mount), 0) != 0:
        return False
    root = os.open("/", os.O_RDONLY)
    return libc.open_by_handle_at(root, ctypes.byref(handle), os.O_RDONLY) >= 0


def kernel_program():
    code = ctypes.create_string_buffer(bytes.fromhex("b700000000000000" "9500000000000000"), 16)
    text = ctypes.create_string_buffer(b"GPL")
    attributes = (ctypes.c_uint64 * 16)(2 | 2 << 32, ctypes.addressof(code), ctypes.addressof(text))
    return call("bpf", 5, ctypes.byref(attributes), 128) == 0


def module():
    return call("init_module", ctypes.create_string_buffer(64), 64, ctypes.create_string_buffer(b"")) == 8  # ENOEXEC


def clock():
    timex = (ctypes.c_uint64 * 32)()
    timex[0] = 0x4000  # a tick of 0, which is refused to those who may set it
    return call("adjtimex", ctypes.byref(timex)) == 22  # EINVAL


def key():
    return call("add_key", ctypes.create_string_buffer(b"user"), ctypes.create_string_buffer(b"attack"), ctypes.create_string_buffer(b"x"), 1, -2) == 0


checks = {
    "capabilities": capabilities,
    "users": own_users,
    "mknod": device_node,
    "devtmpfs": lambda: alone("mount -t devtmpfs none /mnt"),
    "proc-sys": lambda: alone("mount -o remount,bind,rw /proc/sys; : 2>/dev/null >>/proc/sys/kernel/core_pattern"),
    "fresh-proc": lambda: alone("mount -t proc none /mnt; : 2>/dev/null >>/mnt/sys/kernel/core_pattern"),
    "sys": lambda: alone("mount -o remount,bind,rw /sys; : >>/sys/kernel/rcu_expedited")
    or alone("mount -t sysfs none /mnt; : >>/mnt/kernel/rcu_expedited"),
    "sysrq": lambda: writable("/proc/sysrq-trigger") or alone("mount -t proc none /mnt; : >>/mnt/sysrq-trigger"),
    "kernel-log": lambda: call("syslog", 3, ctypes.create_string_buffer(64), 64) == 0,
    "kexec": lambda: call("kexec_load", 0, 0, 0, 0) == 0,
    "module": module,
    "bpf": kernel_program,
    "keyctl": key,
    "handle": by_handle,
    "ports": lambda: call("ioperm", 0x80, 1, 1) == 0,
    "clock": clock,
    "own-limits": lambda: writable("/sys/fs/cgroup/cgroup.max.descendants"),
}

if __name__ == "__main__":
    sys.exit(0 if checks[sys.argv[1]]() else 1)
