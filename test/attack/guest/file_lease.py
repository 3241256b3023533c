"""file_lease.py FILE: holds a lease on a file of its own, so that whoever opens it waits (fcntl(2), F_SETLEASE)."""
import fcntl
import os
import signal
import sys
import time

signal.signal(signal.SIGIO, signal.SIG_IGN)
open("/opt/attack/ready", "w").close()
while True:
    # Whoever broke the lease has put another file in its place, or waits for it.
    descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError:
        pass
    inode = os.fstat(descriptor).st_ino
    while os.stat(sys.argv[1]).st_ino == inode:
        time.sleep(0.05)
    os.close(descriptor)
