"""
Counts the marked frames that reach a network namespace: by mark, interface and direction. A mark is `~` and eight digits
and `~` anywhere in a frame; an IPv6 packet has the first five digits as its flow label, so that its form stays as it is.
"""
import re
import socket
import threading
from collections import Counter

import nflog

MARK = re.compile(rb"~[0-9a-f]{8}~")
ETH_P_ALL = 3
OUTGOING = 4


class Sniffer:
    def __init__(self):
        self.counts = Counter()
        frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._watch(frames, lambda at: f"{at[0]} {'out' if at[2] == OUTGOING else 'in'}")
        # What the kernel hands to programs of this host, after every filter.
        for family, protocols in ((socket.AF_INET, (1, 2, 6, 17)), (socket.AF_INET6, (6, 17, 58))):
            for protocol in protocols:
                self._watch(socket.socket(family, socket.SOCK_RAW, protocol), lambda at: "delivered in")

        self._watch(nflog.group(66), lambda at: "filtered in", nflog.frames)

    def seen(self, mark):
        found = {}
        for (key, where), count in list(self.counts.items()):
            if key in (mark, mark[1:6]):
                found[where] = max(count, found.get(where, 0))
        return found

    def _watch(self, sock, where, frames=lambda data: [data]):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        threading.Thread(target=self._listen, args=(sock, where, frames), daemon=True).start()

    def _listen(self, sock, where, frames):
        while True:
            try:
                data, at = sock.recvfrom(65536)
            except OSError:  # an interface went away
                continue
            for frame in frames(data):
                self._count(frame, where(at))

    def _count(self, data, where):
        for mark in set(MARK.findall(data)):
            self.counts[(mark.decode(), where)] += 1
        if data[12:14] == b"\x86\xdd" and (label := int.from_bytes(data[15:18], "big") & 0xFFFFF):
            self.counts[(f"{label:05x}", where)] += 1
