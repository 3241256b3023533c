import { attempts } from "./attempt";

const machine = ["networks", 0, "addresses", 0, "address"];

const noIpv4 = [
  "", "256.1.1.1", "010.0.0.1", "0x7f.1", "127.1", "2130706433", "1.2.3", "1.2.3.4.5", "1..2.3", "-1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n",
  "1.2.3.4\0", "１.2.3.4", "1.2.3.4/32", "1.2.3.4%eth0", "1.2.3.4:22", "1.2.3.4,5.6.7.8", "1.2.3.4;id", "٣.2.3.4",
]; // prettier-ignore

const noIpv6 = [
  "fe80::1%eth0", "::ffff:1.2.3.4", "2001:db8::1::", "[2001:db8::1]", "2001:db8::1/64", "1:2:3:4:5:6:7:8:9", "2001:db8:::1", "12345::", ":1",
  "2001:db8::g", "2001:db8::1\n", "2001:db8::1\nGateway=::", "2001:db8::1 ", "2001:db8::1%0",
]; // prettier-ignore

const special4 = [
  "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "169.254.1.1", "169.254.169.254", "192.0.0.1", "192.88.99.1", "198.18.0.1",
  "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
]; // prettier-ignore

const special6 = [
  "::",
  "::1",
  "::2",
  "fe80::1",
  "febf::1",
  "fec0::1",
  "ff02::1",
  "64:ff9b::1",
  "100::1",
  "2001::1",
  "2002::1",
];

/** Addresses and networks. */
export const addresses = attempts(
  ["machine", machine, "must be a canonical IPv4 or IPv6 address, without prefix length, scope or embedded IPv4", [...noIpv4, ...noIpv6]],
  ["machine", machine, "it is of a special-purpose range", [...special4, ...special6]],
  ["machine", machine, "it is the gateway of the server's link", ["172.31.1.1"]],
  ["machine", machine, "203.0.113.2 is the host's own address; a machine needs its own", ["203.0.113.2"]],
  ["machine", ["networks", 0, "addresses", 1, "address"], "is the host's own address or its network's", ["2001:db8:1::", "2001:db8:1::1", "2001:DB8:1:0::0001"]],
  ["machine", ["networks", 0, "addresses", 1, "address"], "198.51.100.7 is used twice, first at networks[0].addresses[0]", ["198.51.100.7"], "networks[0].addresses[1]"],
  ["machine", machine, "2001:db8:1::7 is used twice, first at networks[0].addresses[0]", ["2001:db8:1::7", "2001:DB8:1:0::0007"], "networks[0].addresses[1]"],
  ["machine", ["networks", 0, "addresses", 0, "host"], 'is on host "shop/lab/host/other"', ["shop/lab/host/other"], "networks[0].addresses[0]"],
  ["machine", ["networks", 0, "host"], 'the bridge is on host "shop/lab/host/other"', ["shop/lab/host/other"], "networks[0].bridge"],
  ["machine", ["networks", 0, "gateway4"], "must be a canonical IPv4 address", ["203.0.113.2/32", "::1", "203.0.113.2\nDNS=1.1.1.1"]],
  ["machine", ["dns", 0], "must be an IPv4 or IPv6 address", ["resolver.example", "1.1.1.1#dns.example", "1.1.1.1\nsearch evil", "1.1.1.1 8.8.8.8", "fe80::1%eth0"]],
  ["machine", ["dns", 0], "special-purpose range", ["0.0.0.0", "169.254.169.254", "224.0.0.1"]],
  ["bridge", "ipv4", "must be a canonical IPv4 address such as 198.51.100.7", [...noIpv4.slice(0, 6), "203.0.113.2/32", "2001:db8::1", "203.0.113.2\n[Route]"]],
  ["bridge", "ipv4", "it is of a special-purpose range", ["127.0.0.1", "0.0.0.0", "169.254.169.254"]],
  ["bridge", "ipv4", "it is the gateway of the server's link", ["172.31.1.1"]],
  ["bridge", "ipv6", "not an IPv6 network such as 2001:db8:1::/64", [
    "", "2001:db8:1::", "2001:db8:1::/", "2001:db8:1::/-1", "2001:db8:1::/+64", "2001:db8:1::/064", "2001:db8:1::/64/64", "2001:db8:1::/6 4", "2001:db8:1::/64\n", "10.0.0.0/8", "::ffff:0:0/96%",
  ]],
  ["bridge", "ipv6", "a prefix length is 128 at most, not ", ["2001:db8:1::/129", "2001:db8:1::/999"]],
  ["bridge", "ipv6", "host bits are set, the network is 2001:db8:1::/64", ["2001:db8:1::1/64"]],
  ["bridge", "ipv6", "is too wide, /48 is the widest", ["::/0", "2001:db8::/32", "2001:db8::/47"]],
  ["bridge", "ipv6", "is too narrow, /112 is the narrowest", ["2001:db8::/113", "2001:db8::1/128"]],
  ["bridge", "ipv6", "special-purpose range", ["fe80::/64", "ff00::/64", "2002::/48", "::/64"]],
  ["bridge", "ipv6", "must be a text (got an object)", [{ prefix: "auto" }]],
  ["machine on a LAN", ["networks", 0, "lan4", "network"], "must be an IPv4 network such as 192.0.2.0/24", [
    "", "192.0.2.192", "192.0.2.192/", "192.0.2.192/33", "192.0.2.192/-1", "192.0.2.192/026", "192.0.2.192/26/26", "192.0.2.192/26\n", "192.0.2/26", "2001:db8::/64",
  ]],
  ["machine on a LAN", ["networks", 0, "lan4", "network"], "host bits are set, the network is 192.0.2.192/26", ["192.0.2.200/26"]],
  ["machine on a LAN", ["networks", 0, "lan4", "network"], "is too wide, /8 is the widest", ["0.0.0.0/0", "128.0.0.0/1", "192.0.0.0/2"]],
  ["machine on a LAN", ["networks", 0, "lan4", "network"], "is too narrow for a router and a machine", ["192.0.2.200/31", "192.0.2.200/32"]],
  ["machine on a LAN", ["networks", 0, "lan4", "network"], "special-purpose range", ["127.0.0.0/8", "224.0.0.0/8"]],
  ["machine on a LAN", ["networks", 0, "lan4", "gateway"], "is not in the bridge's network 192.0.2.192/26", ["192.0.2.1", "10.0.0.1"]],
  ["machine on a LAN", machine, "192.0.2.193 is the router of the bridge's network; a machine needs its own", ["192.0.2.193"]],
  ["machine on a LAN", machine, "is not in the bridge's network 192.0.2.192/26", ["192.0.2.1", "10.0.0.7"]],
  ["machine on a LAN", machine, "is the first or the last address of the bridge's network 192.0.2.192/26, which are nobody's", ["192.0.2.192", "192.0.2.255"]],
  ["machine on a LAN", ["networks", 0, "addresses", 0, "proxied"], "is a floating address, which is routed to the host", [false], "networks[0].addresses[0].address"],
  ["floating IPv4", "address", "must be a canonical IPv4 or IPv6 address", ["198.51.100.7/32", "198.51.100.7\n203.0.113.9", "1; rm", "-1", "0x7f.1"]],
  ["floating IPv4", "address", "special-purpose range", ["127.0.0.1", "169.254.169.254"]],
  ["floating IPv4", "address", "must be of type ipv4 (got 2001:db8:f::1)", ["2001:db8:f::1"]],
  ["floating IPv4", "network", "only an IPv6 address has a network", ["2001:db8:f::/64"]],
  ["floating IPv6", "address", "must be in 2001:db8:f::/64 (got 2001:db8:e::1)", ["2001:db8:e::1"]],
  ["floating IPv6", "address", "must be of type ipv6", ["198.51.100.7"]],
  ["floating IPv6", "network", "host bits are set", ["2001:db8:f::1/64"]],
); // prettier-ignore
