#!/bin/bash
# Becomes the systemd-nspawn of one server. $1 = the server's folder, $2 = its network namespace, $3 = its cgroup, which nspawn divides further.
# /sys is read-only because nspawn would wait for udev otherwise; /run and /tmp are private so that nothing of it stays on the machine.
dir=$1
echo $$ >"$3/cgroup.procs"
# Killing a server loses nothing that it wrote, so it need not wait for the disk at each fsync (systemd 250 and later).
fast=()
if systemd-nspawn --help | grep -q -- --suppress-sync; then fast=(--suppress-sync=yes); fi
# Without any address of the provider there is no public interface, as with Hetzner.
links=()
if [ ! -e "$dir/no-public" ]; then links=(--network-interface=eth0); fi
while read -r _ _ name _; do links+=("--network-interface=$name"); done < <(cat "$dir/private" 2>/dev/null)
# shellcheck disable=SC2016 # for another shell
exec nsenter --net="/run/netns/$2" unshare --mount --propagation private bash -ceu '
  dir=$1
  mount -t tmpfs -o mode=1777 tmp /tmp
  cg=$(mktemp -d)
  mount --rbind /sys/fs/cgroup "$cg"
  mount -t sysfs sysfs /sys
  mount --rbind "$cg" /sys/fs/cgroup
  mount -o remount,bind,ro /sys
  umount -l "$cg"; rmdir "$cg"
  mount -t tmpfs -o mode=755 run /run
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --register=no --keep-unit \
    --directory="$dir/root" --machine="$(cat "$dir/hostname")" --boot --private-network --capability=all \
    --system-call-filter="@raw-io bpf @keyring @privileged" --resolv-conf=off --timezone=off --link-journal=no "${@:2}" \
    >"$dir/console.log" 2>&1
' boot "$dir" "${fast[@]}" "${links[@]}"
