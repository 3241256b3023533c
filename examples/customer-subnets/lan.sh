#!/bin/sh
# Run in a customer's machine: gives it a bridge, lan0, with the first address of its subnet, by networkd and for good.
# sh -s 2001:db8:1:0:6653::/80 <lan.sh
set -eu
subnet=$1
cat >/etc/systemd/network/lan0.netdev <<EOF
[NetDev]
Name=lan0
Kind=bridge
EOF
cat >/etc/systemd/network/lan0.network <<EOF
[Match]
Name=lan0
[Link]
RequiredForOnline=no
[Network]
ConfigureWithoutCarrier=yes
IPv6AcceptRA=no
[Address]
Address=${subnet%/*}1/${subnet#*/}
DuplicateAddressDetection=none
EOF
networkctl reload
