/** A resolver of the host's own, as unbound, dnsmasq and Pi-hole are one: it hands on to the lab's. */
export const forwarder = String.raw`
import socket
here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); here.bind(("127.0.0.1", 53))
while True:
    question, who = here.recvfrom(4096)
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); there.settimeout(3)
    try:
        there.sendto(question, ("185.12.64.1", 53)); here.sendto(there.recv(4096), who)
    except OSError:
        pass
`;

/** Shell lines that make {@link forwarder}, on standard input, the host's only name server. */
export const ownResolver = String.raw`
cat >/usr/local/lib/forwarder.py
printf '[Service]\nExecStart=/usr/bin/python3 /usr/local/lib/forwarder.py\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/forwarder.service
systemctl enable --now forwarder.service
# The client that configures the uplink keeps its hands off it: dhclient, or dhcpcd.
mkdir -p /etc/dhcp/dhclient-enter-hooks.d; echo 'make_resolv_conf() { :; }' >/etc/dhcp/dhclient-enter-hooks.d/own-names
if [ -e /etc/dhcpcd.conf ]; then echo 'nohook resolv.conf' >>/etc/dhcpcd.conf; fi
rm -f /etc/resolv.conf; printf 'nameserver 127.0.0.1\nsearch lab.example\noptions timeout:2\n' >/etc/resolv.conf
for _ in 1 2 3 4 5 6 7 8 9 10; do if getent hosts deb.debian.org >/dev/null; then break; fi; sleep 1; done
getent hosts deb.debian.org >/dev/null`;
