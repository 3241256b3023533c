# shellcheck shell=dash
# How much of the storage a machine may take: simple quotas of btrfs(5). What is written is counted where it was written first,
# so an image is nobody's, and a group above the tree's own also counts the subvolumes that the machine makes inside.

QUOTAS=/etc/pulumi-nspawn/quotas

quota_of() { sed -n 's/^DiskQuota=//p' "$QUOTAS/$1" 2>/dev/null; } # MACHINE
# The group above the tree's own; 5 is that of the whole file system.
group_of() { # TREE
  local number
  number=$(btrfs inspect-internal rootid "$1" 2>/dev/null) || return 1
  if [ "$number" -lt 256 ]; then return 1; fi
  printf '1/%s' "$number"
}

# Before anything changes. The storage has to be the library's: quotas of somebody's own file system are theirs.
step_quota_fits() { # OPTIONAL
  local optional="$1"
  local lacking
  lacking=$(lacks_quotas)
  if [ -z "$lacking" ]; then return 0; fi
  if [ "$optional" = yes ]; then
    warn "limits.diskQuota holds nothing back: $lacking"
    return 0
  fi
  fail NSPAWN_KERNEL_FEATURE "limits.diskQuota needs storage of type btrfs, Linux 6.7 and btrfs-progs 6.7 (Debian 13): $lacking; set limits.optional: true to go without"
}
version_number() { awk -F '[.-]' '{ number = $1 * 1000 + $2 } END { print number + 0 }'; }
lacks_quotas() {
  local version mode
  version=$(uname -r | version_number)
  mode=$(cat "/sys/fs/btrfs/$(findmnt -no UUID "$TREES" 2>/dev/null)/qgroups/mode" 2>/dev/null) || mode=""
  if [ ! -d "$STORE" ] || ! storage_is_mounted; then
    printf 'the machines of this host are in a directory'
  elif [ "$version" -lt 6007 ]; then
    printf 'its kernel is %s' "$(uname -r)"
  elif [ "$(btrfs --version 2>/dev/null | sed -n '1s/.* v//p' | version_number)" -lt 6007 ]; then
    printf 'it has %s' "$(btrfs --version | head -n 1)"
  elif [ "$mode" = qgroup ]; then
    printf 'somebody has enabled quotas of another kind on %s (btrfs quota disable %s)' "$TREES" "$TREES"
  fi
}

# A tree that is to have no quota has none; what it has written until then counts later.
step_quota() {
  local machine="$1"
  if [ -n "$(lacks_quotas)" ]; then return 0; fi
  drop_idle_groups
  settle_quota "$machine" || fail NSPAWN_KERNEL_FEATURE "limits.diskQuota: $TREES/$machine is no subvolume of its own, so nothing counts what it takes; make the machine anew, or leave diskQuota out"
}
# Fails where the tree is no subvolume.
settle_quota() { # MACHINE
  local tree bytes group
  tree=$TREES/$1 bytes=$(quota_of "$1")
  if [ -z "$bytes" ]; then
    if group=$(group_of "$tree") && has_group "$group"; then run btrfs qgroup limit none "$group" "$TREES"; fi
    return 0
  fi
  group=$(group_of "$tree") || return 1
  run btrfs quota enable --simple "$TREES"
  if ! has_group "$group"; then run btrfs qgroup create "$group" "$TREES"; fi
  if ! is_in_group "$group"; then run btrfs qgroup assign "0/${group#1/}" "$group" "$TREES"; fi
  run btrfs qgroup limit "$bytes" "$group" "$TREES"
}
has_group() { groups_shown | awk -v group="$1" '$1 == group { found = 1 } END { exit !found }'; } # GROUP
is_in_group() { groups_shown | awk -v group="$1" -v own="0/${1#1/}" '$1 == own && $6 == group { found = 1 } END { exit !found }'; }
# Group, referenced, exclusive, most of both, parents.
groups_shown() { btrfs qgroup show -pre --raw "$TREES" 2>/dev/null || :; }

# Of trees that are gone. btrfs keeps what was theirs until it has cleaned up, some time after.
drop_idle_groups() {
  local group
  groups_shown | awk '{ all[$1] = 1 } END { for (group in all) if (sub("^1/", "", group) && !("0/" group in all)) print "1/" group }' | while IFS= read -r group; do
    run btrfs qgroup destroy "$group" "$TREES" || :
  done
}

# Machine, bytes at most, bytes taken. Where nothing can hold them back, and that was accepted, what was asked for stands.
facts_of_quotas() {
  local file machine group lacking
  # Most hosts have none, and are read often.
  if ! ls "$QUOTAS"/* >/dev/null 2>&1; then return 0; fi
  lacking=$(lacks_quotas)
  if [ -z "$lacking" ]; then groups_shown >"$DIR/groups"; fi
  for file in "$QUOTAS"/*; do
    if [ ! -f "$file" ]; then continue; fi
    machine=${file##*/}
    if [ -n "$lacking" ]; then
      if grep -qx 'Optional=yes' "$file"; then printf '%s\t%s\t0\n' "$machine" "$(quota_of "$machine")"; fi
    elif group=$(group_of "$TREES/$machine"); then
      awk -v OFS="$TAB" -v machine="$machine" -v group="$group" '$1 == group { print machine, $4, $2 }' "$DIR/groups"
    fi
  done
}
