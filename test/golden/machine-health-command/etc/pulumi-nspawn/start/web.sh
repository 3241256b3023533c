#!/bin/sh
# by pulumi-nspawn
# Before a machine starts: $1 is it, the others are those that it starts after. Nothing here keeps it from starting.
# When it was systemd-nspawn that was killed, its mount stays, over which 256 and later start nothing; and systemd-machined,
# which lets go of a machine when its unit ends, does not where the unit starts again.
exports=/run/systemd/nspawn/unix-export/$1
if [ -e "$exports" ]; then
  umount "$exports" 2>/dev/null || :
  rmdir "$exports" 2>/dev/null || :
fi
if [ "$(machinectl show "$1" -p Unit --value 2>/dev/null)" = "systemd-nspawn@$1.service" ]; then
  busctl -q call org.freedesktop.machine1 /org/freedesktop/machine1 org.freedesktop.machine1.Manager UnregisterMachine s "$1" || :
fi
shift
# Its unit comes after theirs, which are active before anything inside runs.
until=$(($(date +%s) + 60))
for machine in "$@"; do
  while systemctl -q is-active "systemd-nspawn@$machine.service"; do
    case $(timeout 5 systemctl --machine="$machine" is-system-running 2>/dev/null) in running | degraded) break ;; esac
    if [ "$(date +%s)" -ge "$until" ]; then
      echo "$machine is not running after 60 s; starting without it" >&2
      break
    fi
    sleep 0.5
  done
done
