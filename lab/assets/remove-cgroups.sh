#!/bin/sh
# Removes the cgroups of a lab ($1), in a mount namespace of its own: this machine may have no cgroup v2 where we look.
mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd /sys/fs/cgroup && [ -d "$1" ] || exit 0
if [ -e "$1/cgroup.kill" ]; then echo 1 >"$1/cgroup.kill"; fi
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ -d "$1" ] || exit 0
  sleep 0.1
done
echo "processes are left in the cgroup $1: $(cat "$1"/cgroup.procs "$1"/*/cgroup.procs | tr '\n' ' ')" >&2
exit 1
