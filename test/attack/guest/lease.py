"""
lease.py take|release ADDRESS SERVER: a second lease for this machine's own MAC address, under a client identifier of its
own (RFC 2131, RFC 2132 section 9.14). The exit code says whether the server gave it.
"""
import sys

from scapy.all import BOOTP, DHCP, IP, UDP, Ether, conf, get_if_hwaddr, mac2str, sendp, srp1

what, address, server = sys.argv[1:]
mac = get_if_hwaddr("host0")
conf.checkIPaddr = False


def message(kind, *options, source="0.0.0.0", to="255.255.255.255"):
    options = [("message-type", kind), ("client_id", b"\0second"), *options, "end"]
    own = BOOTP(chaddr=mac2str(mac) + bytes(10), xid=0x4711, ciaddr=source)
    return Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / IP(src=source, dst=to) / UDP(sport=68, dport=67) / own / DHCP(options=options)


def asked(*given):
    return srp1(message(*given), iface="host0", timeout=3, retry=2, verbose=0)


if what == "release":
    sendp(message("release", ("server_id", server), source=address, to=server), iface="host0", verbose=0)
else:
    wish = ("requested_addr", address)
    offer = asked("discover", wish)
    answer = offer and asked("request", wish, ("server_id", server))
    sys.exit(not (answer and answer[BOOTP].yiaddr == address and ("message-type", 5) in answer[DHCP].options))
