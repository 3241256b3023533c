"""
poller.py rounds: looks for secrets in the command lines and environments of all processes, again and again.
poller.py execs: in those of each process that begins to run a program, as the kernel tells it (process connector).

Its first line of input is JSON: by the name of each secret the forms in which it may stand. It says "ready", and, when
its input ends, what it saw.
"""
import json
import os
import select
import socket
import struct
import sys

CONNECTOR, EXEC = 11, 2


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""  # it ended meanwhile


class Watch:
    def __init__(self, secrets):
        self.forms = [(name, form.encode()) for name, forms in secrets.items() for form in forms]
        self.found = {}
        self.seen = set()
        self.looks = 0

    def look(self, pid):
        contents = {place: read(f"/proc/{pid}/{place}") for place in ("cmdline", "environ")}
        command = " ".join(contents["cmdline"].decode(errors="replace").split("\0")[:4])[:200]
        for place, content in contents.items():
            if content:
                self.seen.add(pid)
            for secret, form in self.forms:
                at = content.find(form)
                if at >= 0:
                    entry = content[content.rfind(b"\0", 0, at) + 1 : at]
                    variable = entry.split(b"=")[0].decode(errors="replace") if place == "environ" else ""
                    self.found[secret, place, pid, variable] = (secret, place, pid, command, variable)

    def result(self):
        names = ("secret", "place", "pid", "command", "variable")
        sightings = [dict(zip(names, sighting)) for sighting in self.found.values()]
        return {"looks": self.looks, "processes": len(self.seen), "sightings": sightings}


def ended(timeout=0.0, also=None):
    """Waits until the input ends or something else is there to be read."""
    ready, _, _ = select.select([sys.stdin] + ([also] if also else []), [], [], timeout)
    return sys.stdin in ready


def rounds(watch):
    print("ready", flush=True)
    while not ended(0.002):
        watch.looks += 1
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) != os.getpid():
                watch.look(int(name))


def execs(watch):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))  # a busy machine must not make it late
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, CONNECTOR)
    kernel.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
    kernel.bind((os.getpid(), 1))
    listen = struct.pack("=IIIIHHI", 1, 1, 0, 0, 4, 0, 1)
    kernel.send(struct.pack("=IHHII", 16 + len(listen), 3, 0, 0, os.getpid()) + listen)
    print("ready", flush=True)
    while not ended(None, kernel):
        what, _, _, _, pid = struct.unpack_from("=IIQII", kernel.recv(4096), 36)
        if what == EXEC:
            watch.looks += 1
            watch.look(pid)


watch = Watch(json.loads(sys.stdin.readline()))
{"rounds": rounds, "execs": execs}[sys.argv[1]](watch)
print(json.dumps(watch.result()))
