#!/bin/bash
# Makes the router of a private network, if it is not there: a namespace of its own, and DHCP in it. $1 = the network's folder, $2 = its namespace.
# In braces: bash shall read the whole file before it begins.
{
  set -u
  dir=$1 space=$2
  exec </dev/null >>"$dir/network.log" 2>&1
  if [ ! -e "/run/netns/$space" ]; then
    ip netns add "$space" || exit 1
    ip -n "$space" link set lo up
    nsenter --net="/run/netns/$space" sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.{all,default}.rp_filter=0 \
      net.ipv4.conf.{all,default}.send_redirects=0 net.ipv6.conf.{all,default}.disable_ipv6=1
    # Until the network goes.
    # shellcheck disable=SC2016 # for another shell
    setsid bash -c 'while [ -e "$1/dhcp.conf" ]; do nsenter --net="/run/netns/$2" dnsmasq -C "$1/dhcp.conf"; sleep 0.5; done' \
      network "$dir" "$space" &
  fi
  exit 0
}
