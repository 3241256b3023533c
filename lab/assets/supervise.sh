#!/bin/bash
# The power supply of one server: plugs in its cable, boots it, and boots it again when it asked for that (exit code 133, systemd-nspawn(1)).
# $1 = the lab's folder, $2 = id. Runs in the lab's namespaces; ends when the server powered off.
# In braces: bash shall read the whole file before it begins.
{
  set -u
  lab=$1 id=$2 dir=$1/servers/$2 space=server-$2 link=srv$2
  exec </dev/null >>"$dir/supervisor.log" 2>&1
  group=$(cat "$lab/cgroup")/server-$id
  mkdir -p "$group"
  echo $$ >"$dir/supervisor.pid"

  # shellcheck disable=SC2016 # for another shell
  plug() {
    ip netns delete "$space" 2>/dev/null
    ip -n router link delete "$link" 2>/dev/null
    ip netns add "$space" &&
      ip -n router link add "$link" type veth peer name eth0 netns "$space" address "$(cat "$dir/mac")" &&
      flock "$dir/cable.lock" sh -c 'nsenter --net=/run/netns/router nft -f "$1/filter.nft" && ip -n router -batch "$1/cable.ip"' plug "$dir" &&
      plug_private
  }

  # Cables of private networks, as far as there are any.
  plug_private() {
    local network net_space name mac
    [ -s "$dir/private" ] || return 0
    while read -r network net_space name mac; do
      ip -n "$net_space" link delete "$link" 2>/dev/null
      flock "$dir/cable.lock" bash "${BASH_SOURCE%/*}/private-cable.sh" "$network" "$net_space" "$link" "$space" "$name" "$mac" || return 1
    done <"$dir/private"
  }

  while :; do
    if ! plug; then
      echo "cannot plug in the cable"
      break
    fi
    : >"$dir/leader.pid"
    "${BASH_SOURCE%/*}/boot.sh" "$dir" "$space" "$group" &
    nspawn=$!
    echo "$nspawn" >"$dir/nspawn.pid"
    wait "$nspawn"
    code=$?
    echo "$(date -u +%FT%TZ) ended with $code"
    [ "$code" = 133 ] || break
  done
  ip netns delete "$space" 2>/dev/null
  ip -n router link delete "$link" 2>/dev/null
  if [ -s "$dir/private" ]; then
    while read -r _ net_space _; do ip -n "$net_space" link delete "$link" 2>/dev/null; done <"$dir/private"
  fi
  rm -f "$dir/nspawn.pid" "$dir/power"
  # The kernel lets go of a dead process's cgroup a little later. Until then it is not off: the next power supply makes the same cgroup.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$group" ] || break
    sleep 0.2
  done
  rm -f "$dir/supervisor.pid"
  exit 0
}
