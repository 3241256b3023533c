#!/bin/bash
# Plugs a server into a private network, or renews what its cable has there. $1 = the network's folder, $2 = its namespace, $3 = the
# router's end, $4 = the server's namespace (a name or a process id), $5 = its interface, $6 = its MAC address.
set -u
dir=$1 space=$2 link=$3 server=$4 name=$5 mac=$6
if ! ip -n "$space" link show dev "$link" >/dev/null 2>&1; then
  ip -n "$space" link add "$link" mtu 1450 type veth peer name "$name" netns "$server" address "$mac" mtu 1450 || exit 1
fi
nsenter --net="/run/netns/$space" nft -f "$dir/$link.nft" || exit 1
ip -n "$space" route flush dev "$link"
ip -n "$space" -force -batch "$dir/$link.ip"
