"""
agent.py listen SOCKET: in a machine, one JSON request per connection.
agent.py relay: on a host, JSON lines; `to` is `host` for itself, or the path of a machine's socket.
"""
import json
import os
import socket
import subprocess
import sys
import threading

import frames
import services
from sniffer import Sniffer

sniffer = Sniffer()


def run(script, timeout=60, env=None):
    environment = {**os.environ, **(env or {})}
    try:
        done = subprocess.run(
            ["sh", "-c", script], capture_output=True, timeout=timeout, env=environment, stdin=subprocess.DEVNULL
        )
        return {"code": done.returncode, "out": (done.stdout + done.stderr).decode(errors="replace")}
    except subprocess.TimeoutExpired:
        return {"code": 124, "out": "timeout"}


def send(expression, world, mark, times=1, every=0.1, interface="host0", tunnel=None):
    made = frames.build(expression, world, mark)
    with frames.through(**tunnel) if tunnel else frames.on(interface) as put:
        frames.send(made, times, every, put)
    return {}


requests = {"run": run, "send": send, "seen": lambda mark: sniffer.seen(mark)}


def answer(request):
    try:
        return {"value": requests[request["op"]](**request.get("args", {}))}
    except Exception as error:  # told to whoever asked
        return {"error": f"{type(error).__name__}: {error}"}


def listen(path):
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(16)
    services.serve([80, 81, 7777])
    services.sink(7778)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def serve(connection):
    with connection, connection.makefile("rw") as stream:
        stream.write(json.dumps(answer(json.loads(stream.readline()))) + "\n")


def ask(path, request):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        with connection.makefile("rw") as stream:
            stream.write(json.dumps(request) + "\n")
            stream.flush()
            return json.loads(stream.readline())


def relay():
    services.serve([8080, 8081])
    lock = threading.Lock()

    def one(line):
        request = json.loads(line)
        try:
            got = answer(request) if request["to"] == "host" else ask(request["to"], request)
        except (OSError, ValueError) as error:
            got = {"error": str(error)}
        with lock:
            print(json.dumps({"id": request["id"], **got}), flush=True)

    for line in sys.stdin:
        threading.Thread(target=one, args=(line,), daemon=True).start()


if sys.argv[1] == "listen":
    listen(sys.argv[2])
else:
    relay()
