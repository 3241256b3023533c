"""
early.py send WORLD: puts marked frames on host0, forged ones too, for ever and from the moment it is started.
early.py watch [INTERFACE]: says when and on which interface each mark was seen first; switches INTERFACE on before.
Times are CLOCK_MONOTONIC, which a machine and all hosts of a lab share.
"""
import fcntl
import json
import re
import socket
import struct
import sys
import time

ALL_PROTOCOLS = 3
MARK = re.compile(rb"early:[\w-]+:\d+")
ALL_NODES = bytes.fromhex("333300000001")
# Neighbour discovery has its mark in the flow label: what stands behind a packet's end is cut off on the way through a
# bridge, and an option more would make another packet of it. ICMPv6 type, upper digit of the label, name.
DISCOVERY = [(136, 0xE, "neighbour"), (134, 0xF, "router")]


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total


def ether(to, source, kind, payload):
    return bytes.fromhex(to.replace(":", "") + source.replace(":", "")) + struct.pack("!H", kind) + payload


def packet4(source, to, mark):
    data = mark + b" " * (len(mark) % 2)
    ends = socket.inet_aton(source) + socket.inet_aton(to)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0, 64, 17, 0)
    head = head[:10] + struct.pack("!H", checksum(head + ends)) + ends
    return head + struct.pack("!HHHH", 9, 9, 8 + len(data), 0) + data


def packet6(source, to, protocol, before, after, label=0):
    """`before` and `after` stand around the checksum."""
    ends = socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, to)
    length = len(before) + 2 + len(after)
    own = checksum(ends + struct.pack("!II", length, protocol) + before + b"\0\0" + after)
    return struct.pack("!IHBB", 6 << 28 | label, length, protocol, 255) + ends + before + struct.pack("!H", own) + after


def udp6(source, to, mark):
    data = mark + b" " * (len(mark) % 2)
    return packet6(source, to, 17, struct.pack("!HHH", 9, 9, 8 + len(data)), data)


def discovery(mac, source, name, run, rest):
    kind, digit, _ = next(entry for entry in DISCOVERY if entry[2] == name)
    message = packet6(source, "ff02::1", 58, struct.pack("!BB", kind, 0), rest, digit << 16 | run)
    return ether(ALL_NODES.hex(), mac, 0x86DD, message)


def mark_of(frame):
    found = MARK.search(frame)
    if found is not None:
        return found.group().decode()
    if frame[:6] == ALL_NODES and frame[12:14] == b"\x86\xdd" and frame[20] == 58:
        label = int.from_bytes(frame[15:18], "big") & 0xFFFFF
        for kind, digit, name in DISCOVERY:
            if frame[54] == kind and label >> 16 == digit:
                return f"early:{name}:{label & 0xFFFF}"
    return None


def frames(world, run):
    """`own` ones are A's right, all others pretend. The mark of what is no packet stands behind its end."""
    mac, host, a, b, client = (world[name] for name in ("mac", "host", "a", "b", "client"))
    link = bytes.fromhex(mac.replace(":", ""))
    option = b"\x02\x01" + link
    target = socket.inet_pton(socket.AF_INET6, b["ip6"])
    arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 2) + link + socket.inet_aton(b["ip4"])
    mark = lambda name: f"early:{name}:{run}".encode()
    return [
        ether(host, mac, 0x0800, packet4(a["ip4"], client["ip4"], mark("own4"))),
        ether(host, mac, 0x86DD, udp6(a["ip6"], client["ip6"], mark("own6"))),
        ether(host, mac, 0x0800, packet4(b["ip4"], client["ip4"], mark("source4"))),
        ether(host, mac, 0x86DD, udp6(b["ip6"], client["ip6"], mark("source6"))),
        ether(host, b["mac"], 0x0800, packet4(a["ip4"], client["ip4"], mark("mac"))),
        ether("ff:ff:ff:ff:ff:ff", mac, 0x0806, arp + link + socket.inet_aton(b["ip4"])) + mark("arp"),
        discovery(mac, b["ip6"], "neighbour", run, struct.pack("!I", 0x20000000) + target + option),
        discovery(mac, world["linkLocal"], "router", run, struct.pack("!BBHII", 64, 0, 1800, 0, 0) + b"\x01" + option[1:]),
    ]


def switch_on(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = interface.encode()
        flags = struct.unpack("16xH", fcntl.ioctl(any_socket, 0x8913, struct.pack("16sH14x", name, 0))[:18])[0]
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", name, flags | 1))


def say(*words):
    print(f"{time.monotonic():.6f}", *words, flush=True)


def send(path):
    with open(path) as file:
        all_frames = frames(json.load(file), time.monotonic_ns() // 1_000_000 % 0x10000)
    switch_on("host0")
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind(("host0", 0))
    told = set()
    while True:
        for frame in all_frames:
            mark = mark_of(frame)
            before = time.monotonic()
            try:
                sock.send(frame)
            except OSError:  # the guest's own networkd is at the interface, or the queue is full
                continue
            if mark not in told:
                told.add(mark)
                print(f"{before:.6f}", "sent", mark, flush=True)
        time.sleep(0.02)


def watch(interface=None):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    if interface is not None:
        switch_on(interface)
    say("watching")
    seen = set()
    while True:
        frame, (name, *_) = sock.recvfrom(65535)
        mark = mark_of(frame)
        if mark is not None and (name, mark) not in seen:
            seen.add((name, mark))
            say(name, mark)


{"send": send, "watch": watch}[sys.argv[1]](*sys.argv[2:])
