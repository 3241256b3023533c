# shellcheck shell=dash
# What a machine's limits and mounts need of the host, and limits that were changed while it runs.

step_controllers() {
  local names="$1" optional="$2"
  local have lacking controller
  have=$(cat /sys/fs/cgroup/cgroup.controllers 2>/dev/null || :)
  lacking=""
  for controller in $names; do
    case " $have " in *" $controller "*) ;; *) lacking="$lacking $controller" ;; esac
  done
  if [ -z "$lacking" ]; then return 0; fi
  if [ "$optional" = yes ]; then
    warn "the host's kernel has no controller for$lacking, so these limits hold nothing back"
    return 0
  fi
  fail NSPAWN_KERNEL_FEATURE "limits need the kernel's controllers $names in /sys/fs/cgroup/cgroup.controllers, which has \"$have\"; boot with the unified hierarchy and without cgroup_disable=, or set limits.optional: true to go without"
}

# A link would mount something else than what was said, and a missing folder keeps the machine from starting.
step_mount_sources() { # KEY TEXT, lines of SOURCE and MAP
  local key="$1" text="$2"
  local path map really
  while IFS=$TAB read -r path map; do
    if [ ! -e "$path" ]; then fail NSPAWN_INVALID_INPUT "settings.files: $path does not exist on the host; make it first"; fi
    really=$(realpath -e -- "$path")
    if [ "$really" != "$path" ]; then fail NSPAWN_INVALID_INPUT "settings.files: $path leads through a link to $really; name the place itself, which has to be an allowed one too"; fi
    is_mounted "$path"
    is_as_noted "$path" "$OWNERS/$key/mounts"
    if [ "$map" = rootidmap ] && [ "$(stat -c %u "$path")" = 0 ]; then
      fail NSPAWN_INVALID_INPUT "settings.files: $path belongs to the host's root, and with rootidmap the machine's root would write as that; give it to a user of its own (chown), or leave map out"
    fi
  done <"$DIR/texts/$text"
}

# What the host's fstab or a unit mounts there, also on demand, and what is not there now.
is_mounted() { # PATH
  local prefix unit_name
  prefix=$1
  while [ -n "$prefix" ]; do
    unit_name=$(systemd-escape -p --suffix=mount "$prefix")
    if systemctl show -p LoadState "$unit_name" 2>/dev/null | grep -qx 'LoadState=loaded'; then
      ls "$prefix/." >/dev/null 2>&1 || :
      systemctl -q is-active "$unit_name" || fail NSPAWN_INVALID_INPUT "settings.files: $1 is below $prefix, which $unit_name mounts, and which is not mounted; the machine would run on what is below it: mount it (systemctl start $unit_name) and run up again"
    fi
    prefix=${prefix%/*}
  done
}

is_as_noted() { # PATH FILE
  local noted state
  noted=$(awk -F "$TAB" -v path="$1" '$1 == path { print $2 "\t" $3 }' "$2" 2>/dev/null) || noted=""
  if [ -z "$noted" ]; then return 0; fi
  state=$(mount_state "$1" "${noted%"$TAB"*}" "${noted#*"$TAB"}")
  if [ "$state" = there ]; then return 0; fi
  fail NSPAWN_INVALID_INPUT "settings.files: $1 is $state; mount it as it was and run up again. If its data is here now, run up once without this folder, and then with it"
}

step_remember_mounts() { # TEXT, lines of SOURCE and MAP
  local text="$1"
  local path map place
  while IFS=$TAB read -r path map; do
    place=$(stat -c %m -- "$path")
    printf '%s\t%s\t%s\n' "$path" "$place" "$(file_system_of "$place")"
  done <"$DIR/texts/$text" >"$MINE/mounts"
}

facts_of_mounts() {
  local list key path place system
  for list in "$OWNERS"/*/mounts; do
    if [ ! -e "$list" ]; then continue; fi
    key=${list%/mounts} key=${key##*/}
    while IFS=$TAB read -r path place system; do
      printf '%s\t%s\t%s\n' "$key" "$path" "$(mount_state "$path" "$place" "$system")"
    done <"$list"
  done
}

# systemctl set-property changes a unit in memory. Of its files ours are read last, so they count again after a reload.
step_limits() {
  local unit="$1" names="$2"
  local found control name
  found=no
  for control in /run /etc; do
    if [ -d "$control/systemd/system.control/$unit.d" ]; then found=yes; fi
  done
  if [ "$found" = no ]; then return 0; fi
  for name in $names; do rm -f "/run/systemd/system.control/$unit.d/50-$name.conf"; done
  rmdir "/run/systemd/system.control/$unit.d" 2>/dev/null || :
  systemctl daemon-reload
}
