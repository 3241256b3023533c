"""What root of a machine gets when it reaches for the host: one line per attempt, its name and how it ended."""
import ctypes, errno, os

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    """A system call by its number on x86-64, in a process of its own, because some never come back."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        result = libc.syscall(number, *arguments)
        code = ctypes.get_errno()
        os.write(writer, b"done" if result >= 0 else errno.errorcode.get(code, str(code)).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    answer = os.read(reader, 64).decode()
    os.close(reader)
    return answer or "killed"


def attempt(action):
    try:
        action()
        return "done"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))


def write(path, text):
    def action():
        with open(path, "w") as file:
            file.write(text)

    return attempt(action)


def mount(source, target, kind):
    os.makedirs(target, exist_ok=True)
    if libc.mount(source.encode(), target.encode(), kind.encode(), 0, None) == 0:
        return "done"
    return errno.errorcode[ctypes.get_errno()]


def mounted(source, kind, flags, path):
    """Writes below a mount that was made or remade for it."""
    target = "/proc/sys" if kind == "remount" else "/mnt/" + kind
    os.makedirs(target, exist_ok=True)
    if libc.mount(source.encode(), target.encode(), kind.encode() if kind != "remount" else None, flags, None) != 0:
        return errno.errorcode[ctypes.get_errno()]
    return write(target + path, "1")


bad = ctypes.c_long(-1)
calls = {
    "acct": 163, "add_key": 248, "bpf": 321, "delete_module": 176, "fanotify_init": 300, "finit_module": 313,
    "init_module": 175, "io_uring_setup": 425, "ioperm": 173, "iopl": 172, "kexec_file_load": 320, "kexec_load": 246,
    "keyctl": 250, "lookup_dcookie": 212, "modify_ldt": 154, "open_by_handle_at": 304, "perf_event_open": 298,
    "quotactl": 179, "request_key": 249, "settimeofday": 164, "swapon": 167, "syslog": 103, "userfaultfd": 323,
}
for name, number in sorted(calls.items()):
    print("call", name, call(number, bad, bad, bad, bad, bad))
print("mknod null", attempt(lambda: os.mknod("/root/null", 0o20666, os.makedev(1, 3))))
print("mknod disk", attempt(lambda: os.mknod("/root/disk", 0o60600, os.makedev(254, 0))))
for kind in ("ext4", "btrfs", "debugfs", "tracefs", "securityfs", "pstore", "efivarfs"):
    print("mount", kind, mounted("/root", kind, 0, "/x"))
for name in ("core_pattern", "hostname", "panic", "printk", "sysrq", "threads-max"):
    print("sysctl", name, write("/proc/sys/kernel/" + name, "1"))
# MS_REMOUNT | MS_BIND, and a mount of its own: even where one can be made, what is in it is the host's root's.
print("sysctl remounted", mounted("", "remount", 32 | 4096, "/kernel/core_pattern"))
print("sysctl of-its-own", mounted("proc", "proc", 0, "/sys/kernel/core_pattern"))
print("sysfs of-its-own", mounted("sysfs", "sysfs", 0, "/kernel/uevent_helper"))
print("sysrq trigger", write("/proc/sysrq-trigger", "h"))
for path in ("/proc/kcore", "/dev/kmsg", "/dev/mem", "/sys/kernel/debug/tracing/trace"):
    print("read", path, attempt(lambda: open(path, "rb").read(1)))
print("cgroup release-agent", write("/sys/fs/cgroup/release_agent", "/x"))
print("cgroup above", attempt(lambda: os.listdir("/sys/fs/cgroup/../../../machine.slice")))
