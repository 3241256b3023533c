"""Builds frames out of an expression in scapy's notation and sends them as they are."""
import socket
import struct
import time
from contextlib import contextmanager
from types import SimpleNamespace


def build(expression, world, mark):
    import scapy.all as scapy

    names = dict(vars(scapy))
    names.update({key: SimpleNamespace(**value) if isinstance(value, dict) else value for key, value in world.items()})
    names.update(MARK=scapy.Raw(mark.encode()), vary=vary)
    made = eval(expression, names)  # our own constant text
    parts = made if isinstance(made, list) else [made]
    for part in parts:
        if not isinstance(part, bytes) and scapy.IPv6 in part:
            part[scapy.IPv6].fl = int(mark[1:6], 16)
    return [marked(bytes(part), mark.encode()) for part in parts]


def marked(frame, mark):
    """A frame that is no IP packet has the mark behind its end, where nobody looks. Of packets a host may cut that off."""
    return frame if mark in frame or frame[12:14] in (b"\x08\x00", b"\x86\xdd") else frame.ljust(60, b"\0") + mark


def vary(frame, offsets, count):
    """Copies of a frame with another four bytes at each of these places."""
    data = bytes(frame)
    made = []
    for number in range(1, count + 1):
        copy = bytearray(data)
        for offset in offsets:
            copy[offset : offset + 4] = (number * 2654435761 % (1 << 32)).to_bytes(4, "big")
        made.append(bytes(copy))
    return made


@contextmanager
def on(interface):
    """Frames as they are."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((interface, 0))
        yield sock.send


@contextmanager
def through(to, id):
    """Frames inside of VXLAN, RFC 7348."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        head = struct.pack("!II", 0x08000000, id << 8)
        yield lambda frame: sock.sendto(head + frame, (to, 4789))


def send(frames, times, every, put):
    for turn in range(times):
        if turn > 0:
            time.sleep(every)
        for number, frame in enumerate(frames):
            try:
                put(frame)
            except OSError as error:
                if error.errno != 105:  # the queue is full: this frame is lost
                    raise
            if number % 50 == 49:
                time.sleep(0.002)
