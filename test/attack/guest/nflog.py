"""What nftables logs to a group, as whole frames: nfnetlink_log, without a library."""
import socket
import struct

NETLINK_NETFILTER = 12
CONFIG, PACKET = 0x0401, 0x0400
COMMAND, MODE, THRESHOLD = 1, 2, 5
PAYLOAD, LINK_HEADER = 9, 16


def attribute(kind, value):
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def group(number):
    """A socket that receives the group's packets, each at once."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    sock.bind((0, 0))
    for attributes in (
        attribute(COMMAND, b"\x01"),  # bind
        attribute(MODE, struct.pack("!IBx", 0xFFFF, 2)) + attribute(THRESHOLD, struct.pack("!I", 1)),  # whole packets
    ):
        body = struct.pack("!BBH", 0, 0, number) + attributes
        sock.send(struct.pack("=IHHII", 16 + len(body), CONFIG, 1, 0, 0) + body)
    return sock


def parts(data, offset, head, align=4):
    """Offset and length of each message or attribute, one after the other."""
    while offset + head <= len(data):
        length = struct.unpack_from("=I" if head == 16 else "=H", data, offset)[0]
        if length < head:
            return
        yield offset, length
        offset += length + -length % align


def frames(data):
    for at, length in parts(data, 0, 16):
        if struct.unpack_from("=H", data, at + 4)[0] != PACKET:
            continue
        message = data[at : at + length]
        found = {}
        for start, size in parts(message, 20, 4):
            found[struct.unpack_from("=H", message, start + 2)[0]] = message[start + 4 : start + size]
        yield found.get(LINK_HEADER, bytes(14)) + found.get(PAYLOAD, b"")
