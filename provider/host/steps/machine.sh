# shellcheck shell=dash
# Machines: their trees, the files inside, their units.

# shellcheck disable=SC2034 # read by other files
FRESH=no BURIED="" ROOT=""

step_tree() {
  local machine="$1" hash="$2"
  local tree list other
  tree=$TREES/$machine
  empty_trash
  if [ -L "$tree" ]; then fail NSPAWN_OWNED "$tree is a link; move it away, or put the tree itself in its place"; fi
  for list in $(grep -lxF -e "$machine" "$OWNERS"/*/machine 2>/dev/null || :); do
    other=$(owner_in "${list%/machine}")
    if [ "$list" = "$MINE/machine" ] || [ "$other" = "$(owner_in "$MINE")" ]; then continue; fi
    if [ "$ADOPT" = no ]; then fail NSPAWN_OWNED "the machine $machine belongs to $other; choose another name, or set adopt: true to take it over$(alias_of "$other")"; fi
    keep_other "$list"
    rm -f "$list"
  done
  if [ -d "$tree" ]; then
    if ! listed "$machine" "$MINE/machine" && [ "$ADOPT" = no ]; then
      fail NSPAWN_OWNED "$tree exists and was not made by this library; choose another name, move it away, or set adopt: true to take it over"
    fi
    ROOT=$tree
  else
    clone_image "$machine" "$hash"
  fi
  printf '%s\n' "$machine" >"$MINE/machine"
}

clone_image() {
  need_storage
  if is_subvolume "$(store)/images/$2"; then room_for_tree 100; else room_for_tree 600; fi
  say "cloning the image"
  if [ ! -d "$TREES" ]; then
    mkdir -m 0700 "$TREES"
    printf '%s\n' "$TREES" >>"$MINE/made"
  fi
  ROOT=$TREES/.#pulumi-nspawn-$1 FRESH=yes
  # What was done in the one before.
  rm -f "$MINE/provisioned"
  discard "$ROOT"
  copy_tree "$(store)/images/$2" "$ROOT"
  # One type is enough for every client of today, and an RSA key takes a second to make.
  if within "$ROOT" test -d tree/etc/ssh -a -f tree/usr/sbin/sshd; then
    run ssh-keygen -q -t ed25519 -N "" -C "root@$1" -f "$DIR/host_key"
    in_tree write etc/ssh/ssh_host_ed25519_key 0600 "$DIR/host_key"
    in_tree write etc/ssh/ssh_host_ed25519_key.pub 0644 "$DIR/host_key.pub"
  fi
}

step_guest_file() {
  local path="$1" mode="$2" text="$3"
  in_tree write "$path" "$mode" "$DIR/texts/$text"
  own_guest_path "$path"
  if [ "$SAID" = same ]; then return 0; fi
  # What the guest reads only when it starts.
  case $path in */etc/systemd/* | */etc/sysctl.d/* | */etc/hostname) mark_changed guest ;; esac
}
own_guest_path() { if ! listed "$1" "$MINE/files"; then printf '%s\n' "$1" >>"$MINE/files"; fi; }

step_guest_link() {
  local path="$1" target="$2"
  in_tree link "$path" "$target"
  own_guest_path "$path"
}

step_guest_password() {
  local text="$1"
  in_tree password etc/shadow "$DIR/texts/$text"
}

step_publish() {
  local machine="$1"
  if [ "$FRESH" = no ]; then return 0; fi
  sync -f "$ROOT"
  mv -T "$ROOT" "$TREES/$machine"
  ROOT=$TREES/$machine
}

# The newest lines since the program began; a last line before it would blame an earlier start.
journal() { journalctl -q --no-pager -o cat -n 12 --since "@$BEGAN" -u "$1" 2>/dev/null | tail -c 4000 || :; }

# Whether it starts at boot is part of the change; that it runs now comes after the change is complete.
step_enable() {
  local machine="$1" enabled="$2"
  local unit_name state
  unit_name=systemd-nspawn@$machine.service
  unmask "$unit_name"
  state=$(systemctl is-enabled "$unit_name" 2>/dev/null || :)
  case $enabled:$state in
    yes:enabled | no:disabled) ;;
    yes:*) run systemctl enable "$unit_name" ;;
    no:*) run systemctl disable "$unit_name" ;;
  esac
}

# A name that is mistyped would order nothing, silently.
step_start_after() {
  local names="$1"
  local name
  for name in $names; do
    if [ ! -d "$TREES/$name" ]; then warn "startAfter: there is no machine $name on this host, so nothing is waited for until there is"; fi
  done
}

# Each check would fail, and restart it.
step_asked_inside() {
  local machine="$1"
  if has_bus "$machine"; then return 0; fi
  warn "health: the machine $machine has no D-Bus, by which its service manager is asked, so each check fails: put the package dbus into its image or into the machine, or have a port looked at (health: { tcp: 80 })"
}

step_machine() {
  local machine="$1" running="$2"
  local unit_name
  unit_name=systemd-nspawn@$machine.service
  if [ "$running" = no ]; then
    # One that waits for its next start is not active, and would start.
    case $(systemctl is-active "$unit_name" || :) in
      inactive | failed) ;;
      *)
        say "stopping"
        run systemctl stop "$unit_name"
        ;;
    esac
    return 0
  fi
  case $(systemctl is-active "$unit_name" || :):$CHANGED in
    active:*" guest "*)
      say "restarting"
      start_unit restart "$machine"
      ;;
    active:*) ;;
    *)
      say "starting"
      start_unit start "$machine"
      ;;
  esac
}

# What systemd-nspawn of the host says of its options: since 253 a macvlan may get a name.
step_macvlan_name() {
  local name="$1" macvlan="$2"
  if systemd-nspawn --help | grep -q -e '--network-macvlan=.*:'; then return 0; fi
  fail NSPAWN_INVALID_INPUT "systemd-nspawn of this host ($(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')) cannot name a macvlan, which needs 253 (Debian 13): leave interface: \"$name\" out, and it is called mv-$macvlan"
}

# A port that somebody took away comes back with the machine alone.
step_plugged() {
  local machine="$1" port="$2"
  local unit_name
  unit_name=systemd-nspawn@$machine.service
  if [ "$FAILED" = soft ] || has_link "$port" || ! systemctl -q is-active "$unit_name"; then return 0; fi
  say "restarting, because its $port is gone"
  start_unit restart "$machine"
}

# The same of an interface that has no end on the host.
step_plugged_inside() {
  local machine="$1" inside="$2"
  local unit_name leader
  unit_name=systemd-nspawn@$machine.service
  if [ "$FAILED" = soft ] || ! systemctl -q is-active "$unit_name"; then return 0; fi
  leader=$(machinectl show "$machine" -p Leader --value 2>/dev/null) || return 0
  if run nsenter -t "$leader" -n ip link show dev "$inside" >/dev/null 2>&1; then return 0; fi
  say "restarting, because its $inside is gone"
  start_unit restart "$machine"
}

# systemd-nspawn of 256 and later starts no machine whose place for sockets is still mounted, as it is after an end of which
# it knew nothing.
free_exports() { # MACHINE
  local exports
  exports=/run/systemd/nspawn/unix-export/$1
  if [ ! -e "$exports" ] || systemctl -q is-active "$unit_name"; then return 0; fi
  umount "$exports" 2>/dev/null || :
  rmdir "$exports" 2>/dev/null || :
}

start_unit() { # VERB MACHINE
  free_exports "$2"
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if run systemctl "$1" "$unit_name"; then return 0; fi
  fail_later NSPAWN_NOT_READY "the machine $2 did not start; its journal says: $(journal "$unit_name")"
}

# What its service manager says: a word, or whatever its root makes of that.
guest_state() { timeout 5 systemctl --machine="$1" is-system-running 2>/dev/null | head -n 1 | head -c 64 || :; }
is_running() { case $(guest_state "$1") in running | degraded) ;; *) return 1 ;; esac }

step_await_ready() {
  local machine="$1" seconds="$2"
  local unit_name state why
  if [ "$FAILED" = soft ]; then return 0; fi
  if ! has_bus "$machine"; then
    fail_later NSPAWN_NOT_READY "the machine $machine has no D-Bus, by which its service manager says that it is running: put the package dbus into its image (with image.packages, or in the archive) or into the machine, or set readyWhen: \"started\", which needs none"
    return 0
  fi
  say "waiting until it is running"
  if await_running "$machine" "$seconds"; then return 0; fi
  unit_name=systemd-nspawn@$machine.service
  if systemctl -q is-active "$unit_name"; then
    state=$(guest_state "$machine")
    why="is \"${state:-silent}\" after $seconds s: failed or waiting jobs are shown by machinectl shell $machine /bin/systemctl list-jobs"
  else
    why="ended after its start"
  fi
  fail_later NSPAWN_NOT_READY "the machine $machine $why; its journal says: $(journal "$unit_name")"
}

# dbus-daemon or dbus-broker, or a unit for one that is called something else. Left out of small images.
has_bus() { # MACHINE
  within "$TREES/$1" find tree/usr/bin/dbus-daemon tree/usr/bin/dbus-broker-launch tree/bin/dbus-daemon \
    tree/usr/lib/systemd/system/dbus.service tree/usr/lib/systemd/system/dbus-broker.service tree/lib/systemd/system/dbus.service \
    tree/etc/systemd/system/dbus.service -maxdepth 0 2>/dev/null | grep -q .
}

await_running() {
  local until
  until=$(($(date +%s) + $2))
  while [ "$(date +%s)" -lt "$until" ]; do
    if is_running "$1"; then return 0; fi
    if ! systemctl -q is-active "systemd-nspawn@$1.service"; then return 1; fi
    sleep 0.2
  done
  return 1
}

empty_trash() {
  local old
  if [ ! -d "$(store)/trash" ]; then return 0; fi
  find "$(store)/trash" -mindepth 1 -maxdepth 1 -mtime +6 >"$DIR/trash"
  while IFS= read -r old; do discard "$old"; done <"$DIR/trash"
}

# The tree leaves its place by a rename, which can be taken back; what is to be deleted is so after the commit.
bury() { # MACHINE
  mkdir -p "$(store)/trash"
  chmod 0700 "$(store)/trash"
  BURIED_AT=$(store)/trash/$1-$(date -u +%Y%m%dT%H%M%SZ)
  touch "$tree"
  printf '%s\t%s\n' "$tree" "$BURIED_AT" >"$KEEP/moved"
  sync "$KEEP/moved"
  mv -T "$tree" "$BURIED_AT"
}

step_retire() {
  local key="$1" machine="$2" how="$3"
  local unit_name tree
  if [ ! -d "$OWNERS/$key" ]; then
    left_to_others "the machine $machine" "$machine" machine
    return 0
  fi
  as_owner "$OWNERS/$key"
  taint
  unit_name=systemd-nspawn@$machine.service tree=$TREES/$machine
  discard "$TREES/.#pulumi-nspawn-$machine"
  if ! listed "$machine" "$MINE/machine"; then return 0; fi
  if [ "$how" != keep ]; then nothing_mounted "$tree"; fi
  say "stopping"
  run systemctl disable "$unit_name" 2>/dev/null || :
  run systemctl stop "$unit_name" 2>/dev/null || :
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if systemctl -q is-active "$unit_name"; then fail NSPAWN_STEP_FAILED "the machine $machine does not stop: $(systemctl status --no-pager -n 5 "$unit_name" 2>&1 | tail -n 8)"; fi
  # shellcheck disable=SC2034 # for another file
  if [ -d "$tree" ] && [ "$how" != keep ]; then
    bury "$machine"
    if [ "$how" = delete ]; then BURIED=$BURIED_AT; fi
  fi
  # Files inside the tree went, or stay, with it.
  grep -v "^$tree/" "$MINE/files" >"$MINE/files.new" || :
  mv -f "$MINE/files.new" "$MINE/files"
  rm -f "$MINE/machine"
  empty_trash
}
