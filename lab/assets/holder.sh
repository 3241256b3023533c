#!/bin/bash
# First process of a lab's PID namespace. Its death ends every process of the lab; its mount namespace takes all mounts along.
# $1 = the lab's folder, $2 = node, $3 = folder of the compiled programs. Files below $1/net were written by `lab up`.
# The braces make bash read the whole file before it begins, so that an update of the package does not disturb a running lab.
{
  set -u
  lab=$1 node=$2 programs=$3
  exec </dev/null >>"$lab/log/holder.log" 2>&1

  fail() {
    echo "$1" >"$lab/failed"
    echo "holder: $1"
    exit 1
  }

  set -e
  trap 'fail "setting up the namespaces failed at line $LINENO; see $lab/log/holder.log"' ERR
  mkdir -p /run/netns
  mount -t tmpfs -o mode=755 netns /run/netns

  # A pure cgroup v2 tree: on a machine with the old kind we mount our own view of it, so that nspawn finds one world everywhere.
  if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then mount -t cgroup2 cgroup2 /sys/fs/cgroup; fi
  group=$(cat "$lab/cgroup")
  mkdir -p "$group/holder"
  echo $$ >"$group/holder/cgroup.procs"
  for controller in cpu memory pids io; do echo "+$controller" >"$group/cgroup.subtree_control" || true; done 2>/dev/null

  # Names are answered by the lab's own DNS, at once: the machine's resolver, or its cache behind a socket, would be a way out.
  for socket in /run/systemd/resolve /run/nscd; do if [ -d $socket ]; then mount -t tmpfs resolver $socket; fi; done
  if [ -d /run/systemd/resolve ]; then
    cp "$lab/net/resolv.conf" /run/systemd/resolve/stub-resolv.conf
    cp "$lab/net/resolv.conf" /run/systemd/resolve/resolv.conf
  fi
  if [ -e /etc/resolv.conf ]; then mount --bind "$lab/net/resolv.conf" /etc/resolv.conf; fi

  # What ssh learns of host keys goes with the lab: the next lab has other machines behind the same addresses.
  if [ -e /etc/ssh/ssh_config ]; then
    {
      echo "UserKnownHostsFile $lab/known_hosts"
      cat /etc/ssh/ssh_config
    } >"$lab/net/ssh_config"
    mount --bind "$lab/net/ssh_config" /etc/ssh/ssh_config
  fi

  for name in router client operator; do ip netns add "$name"; done
  while read -r name setting; do
    nsenter --net="/run/netns/$name" sysctl -q -w "$setting"
  done <"$lab/net/sysctls"
  for name in router client operator; do ip -n "$name" -batch "$lab/net/$name.ip"; done
  trap - ERR
  set +e

  # Starts a service again whenever it ends. A service that cannot start leaves its reason in its log.
  keep() {
    local name=$1
    shift
    while :; do
      "$@" >>"$lab/log/$name.log" 2>&1
      echo "$name ended with $?" >>"$lab/log/holder.log"
      sleep 0.5
    done &
  }
  within() {
    local name=$1
    shift
    nsenter --net="/run/netns/$name" "$@"
  }

  keep dns within router dnsmasq -C "$lab/net/dns.conf"
  keep names within router "$node" "$programs/dns/main.js" "$lab"
  keep dhcp within router dnsmasq -C "$lab/net/dhcp.conf"
  keep lan within router dnsmasq -C "$lab/net/lan.conf"
  keep metadata within router "$node" "$programs/metadata/main.js" "$lab"
  mapfile -t mirrors <"$lab/mirrors"
  keep mirror within client "$node" "$programs/packages/main.js" "${mirrors[@]}"
  rm -f "$lab/agent.sock"
  keep agent ssh-agent -D -a "$lab/agent.sock"
  keep daemon within operator "$node" "$programs/daemon/main.js" "$lab"
  for _ in $(seq 50); do
    [ -S "$lab/agent.sock" ] && SSH_AUTH_SOCK="$lab/agent.sock" ssh-add -q "$lab/operator_ed25519" && break
    sleep 0.1
  done
  # bash reaps whatever is left to it; it must never leave this loop.
  while :; do
    wait -n
    sleep 0.1
  done
}
