# shellcheck shell=dash
# Storage: a btrfs file system in a file, where the machines' trees are. A copy of an image is a snapshot there.

STORE_FILE=$LIBRARY/machines.btrfs MOUNT_UNIT=var-lib-machines.mount
# On it, beside the trees; machinectl(1) hides what begins with a dot.
# shellcheck disable=SC2153 # of another file
STORE=$TREES/.pulumi-nspawn

# Where images are, and machines that were removed: on the file system of the trees, so that they are cloned and renamed.
store() { if [ -d "$STORE" ]; then printf %s "$STORE"; else printf %s "$LIBRARY"; fi; }

storage_is_mounted() { awk -v place="$TREES" '$5 == place { found = 1 } END { exit !found }' /proc/self/mountinfo; }
trees_in_place() { find "$TREES" -mindepth 1 -maxdepth 1 ! -path "$STORE" ! -name '.#*.lck' -printf '%f\n' 2>/dev/null | head -n 5 | paste -sd, | sed 's/,/, /g'; }
# Without it the trees would be written below the place where it is mounted, and be hidden by it.
need_storage() {
  if [ ! -e "$STORE_FILE" ] || [ ! -e "/etc/systemd/system/$MOUNT_UNIT" ] || storage_is_mounted; then return 0; fi
  run systemctl start "$MOUNT_UNIT" || :
  if ! storage_is_mounted; then fail NSPAWN_STEP_FAILED "the storage of machines is not mounted on $TREES: $(systemctl status --no-pager -n 5 "$MOUNT_UNIT" 2>&1 | tail -n 6); see systemctl status $MOUNT_UNIT on the host"; fi
}

# On its file system, and on the disk that this is a file of.
room_for_tree() { # MEGABYTES
  if [ -d "$STORE" ]; then room "$1" "$STORE" "give storage a larger size, or make room, and run up again"; fi
  room "$1" "$LIBRARY"
}

# Bytes of the file: what is asked for, else 80 % of what is free: 0.8 MiB of each.
storage_size() { # BYTES
  if [ "$1" != - ]; then
    echo "$1"
  else
    echo $(($(megabytes_free "$LIBRARY") * 838860))
  fi
}

no_smaller() { # BYTES
  local now
  now=$(stat -c %s "$STORE_FILE")
  if [ "$1" != - ] && [ "$1" -lt "$now" ]; then fail NSPAWN_INVALID_INPUT "storage.size cannot shrink: $STORE_FILE has $now bytes, asked for are $1; leave it as it is, or give a larger one"; fi
}
has_btrfs() {
  if ! grep -qw btrfs /proc/filesystems; then run modprobe btrfs 2>/dev/null || :; fi
  grep -qw btrfs /proc/filesystems
}
has_loops() {
  if [ ! -e /dev/loop-control ]; then run modprobe loop 2>/dev/null || :; fi
  [ -e /dev/loop-control ]
}

step_storage_fits() {
  local bytes="$1"
  local trees
  CHOSEN=btrfs
  if [ -e "$STORE_FILE" ]; then
    no_smaller "$bytes"
    return 0
  fi
  if storage_is_mounted; then fail NSPAWN_OWNED "something is mounted on $TREES already ($(findmnt -no SOURCE,FSTYPE "$TREES" 2>/dev/null | head -n 1)): leave storage out, machines are made there; on btrfs they are snapshots without it"; fi
  trees=$(trees_in_place)
  if [ -n "$trees" ]; then fail NSPAWN_OWNED "$TREES is not empty ($trees), and storage.type \"btrfs\" would hide that: machines are not moved; remove them by an up of its own, or leave storage out"; fi
  has_btrfs || fail NSPAWN_KERNEL_FEATURE "the kernel $(uname -r) has no btrfs, which storage.type \"btrfs\" needs; leave storage out, or install a kernel that has it (Debian's own)"
  has_loops || fail NSPAWN_KERNEL_FEATURE "the host has no loop devices (/dev/loop-control), which storage.type \"btrfs\" needs; leave storage out"
  room 2048 /var/lib
}

# directory; native: the disk of the trees makes snapshots by itself; btrfs: a file system of its own does.
CHOSEN=directory
# Never moves or hides a tree, and refuses nothing: what stands there already decides, else what the host can do.
step_choose_storage() {
  local bytes="$1"
  CHOSEN=$(chosen_storage "$bytes")
  if [ "$CHOSEN" = btrfs ] && [ -e "$STORE_FILE" ]; then no_smaller "$bytes"; fi
  if [ "$CHOSEN" != directory ]; then step_package btrfs-progs required; fi
}
chosen_storage() { # BYTES
  if [ -e "$STORE_FILE" ]; then
    echo btrfs
  elif [ "$(kind_of_disk "$TREES")" = btrfs ]; then
    echo native
  elif storage_is_mounted || somebody_mounts || [ -n "$(trees_in_place)" ] || ! has_btrfs || ! has_loops || ! is_worth_it "$1"; then
    echo directory
  else
    echo btrfs
  fi
}
kind_of_disk() { # FOLDER, which need not be there
  if [ -e "$1" ]; then stat -f -c %T "$1"; else kind_of_disk "$(dirname "$1")"; fi
}
# In fstab(5), or by a unit; that of systemd-container itself mounts only what machinectl(1) of old has made.
somebody_mounts() { case $(systemctl show -p FragmentPath --value "$MOUNT_UNIT" 2>/dev/null) in /etc/* | /run/*) ;; *) return 1 ;; esac }
# Below that, a file system of its own takes more than it saves; what was asked for has to fit whatever grows beside it.
is_worth_it() { # BYTES
  local free
  free=$(megabytes_free /var/lib)
  [ "$free" -ge 4096 ] && { [ "$1" = - ] || [ $(($1 / 1048576)) -lt "$free" ]; }
}

# The unit, where the choice is a file system of its own.
step_storage_mount() {
  local path="$1" text="$2"
  if [ "$CHOSEN" != btrfs ]; then return 0; fi
  # As it was before there is a file, and before it is started.
  remember_unit "$MOUNT_UNIT"
  step_file "$path" 0644 "$text"
}

step_storage() {
  local bytes="$1"
  local size
  if [ "$CHOSEN" != btrfs ]; then return 0; fi
  if [ ! -e "$STORE_FILE" ]; then
    size=$(storage_size "$bytes")
    say "making a btrfs file system for machines, of $((size / 1073741824)) GB at most"
    printf '%s\n' "$STORE_FILE" >"$KEEP/storage"
    sync "$KEEP/storage"
    rm -f "$STORE_FILE.new"
    (umask 077 && truncate -s "$size" "$STORE_FILE.new")
    run mkfs.btrfs -q -L pulumi-nspawn "$STORE_FILE.new"
    sync "$STORE_FILE.new"
    mv -T "$STORE_FILE.new" "$STORE_FILE"
  fi
  if ! storage_is_mounted; then
    if [ ! -d "$TREES" ]; then
      mkdir -m 0700 "$TREES"
      printf '%s\n' "$TREES" >>"$MINE/made"
    fi
    run systemctl start "$MOUNT_UNIT"
  fi
  step_unit "$MOUNT_UNIT" enabled active
  storage_is_mounted || fail NSPAWN_STEP_FAILED "$STORE_FILE could not be mounted on $TREES: $(systemctl status --no-pager -n 5 "$MOUNT_UNIT" 2>&1 | tail -n 6)"
  chmod 0700 "$TREES"
  if [ ! -d "$STORE" ]; then mkdir -m 0700 "$STORE"; fi
  # A disk that is full later takes nothing of what is confirmed.
  run btrfs -q filesystem sync "$TREES"
  if [ "$bytes" != - ]; then grow_storage "$bytes"; fi
}

# In place, and resumable: the file, its loop device, the file system. It does not shrink again when the change is taken back.
grow_storage() { # BYTES
  local device
  if [ "$(stat -c %s "$STORE_FILE")" -lt "$1" ]; then
    say "growing the storage to $(($1 / 1073741824)) GB"
    truncate -s "$1" "$STORE_FILE"
  fi
  device=$(findmnt -no SOURCE "$TREES")
  if [ "$(blockdev --getsize64 "$device")" -lt "$1" ]; then run losetup -c "$device"; fi
  run btrfs filesystem resize max "$TREES"
}

# Nothing is to hold the trees any more: then nothing may be in it. What was thrown away stays in the file.
step_no_storage() {
  local trees
  if [ ! -e "$STORE_FILE" ] || [ ! -e "/etc/systemd/system/$MOUNT_UNIT" ] || ! storage_is_mounted; then return 0; fi
  trees=$(trees_in_place)
  if [ -n "$trees" ]; then fail NSPAWN_OWNED "the storage of type btrfs has machines ($trees), which are not moved: remove them by an up of its own (Pulumi deletes last), or keep storage: { type: \"btrfs\" }"; fi
}

# After the change is complete, and so with nothing mounted.
step_storage_left() {
  if [ ! -e "$STORE_FILE" ] || storage_is_mounted; then return 0; fi
  if holds_something; then
    warn "$STORE_FILE stays on the host, with what is in its trash (mount -o loop $STORE_FILE /mnt); remove it when nobody needs that"
  else
    rm -f "$STORE_FILE"
  fi
}
# Images can be made again; all else is somebody's, also where it can't be looked into.
holds_something() {
  local inside held=yes
  inside=$DIR/storage
  mkdir -p "$inside"
  run mount -t btrfs -o loop,ro "$STORE_FILE" "$inside" || return 0
  find "$inside" "$inside/.pulumi-nspawn/trash" -mindepth 1 -maxdepth 1 ! -path "$inside/.pulumi-nspawn" ! -name '.#*.lck' 2>/dev/null | grep -q . || held=no
  run umount "$inside"
  [ "$held" = yes ]
}

# Takes back what a change made; what stood there before it is left.
undo_storage() {
  if [ ! -e "$KEEP/storage" ]; then return 0; fi
  if storage_is_mounted; then run umount "$TREES"; fi
  if ! storage_is_mounted; then rm -f "$STORE_FILE" "$STORE_FILE.new"; fi
}
