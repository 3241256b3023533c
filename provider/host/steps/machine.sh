# shellcheck shell=dash
# Machines: their trees, the files inside, their units.

step_tree() { # MACHINE HASH
  tree=$trees/$1
  empty_trash
  if [ -L "$tree" ]; then fail NSPAWN_OWNED "$tree is a link; move it away, or put the tree itself in its place"; fi
  for list in $(grep -lxF -e "$1" "$owners"/*/machine 2>/dev/null || :); do
    other=$(owner_in "${list%/machine}")
    if [ "$list" = "$mine/machine" ] || [ "$other" = "$(owner_in "$mine")" ]; then continue; fi
    if [ "$adopt" = no ]; then fail NSPAWN_OWNED "the machine $1 belongs to $other; choose another name, or set adopt: true to take it over$(alias_of "$other")"; fi
    keep_other "$list"
    rm -f "$list"
  done
  if [ -d "$tree" ]; then
    if ! listed "$1" "$mine/machine" && [ "$adopt" = no ]; then
      fail NSPAWN_OWNED "$tree exists and was not made by this library; choose another name, move it away, or set adopt: true to take it over"
    fi
    root=$tree
  else
    clone_image "$1" "$2"
  fi
  printf '%s\n' "$1" >"$mine/machine"
}

clone_image() {
  room 600 "$library"
  say "cloning the image"
  if [ ! -d "$trees" ]; then
    mkdir -m 0700 "$trees"
    printf '%s\n' "$trees" >>"$mine/made"
  fi
  root=$trees/.#pulumi-nspawn-$1 fresh=yes
  discard "$root"
  cp -a --reflink=auto "$library/images/$2" "$root"
  # One type is enough for every client of today, and an RSA key takes a second to make.
  if within "$root" test -d tree/etc/ssh -a -f tree/usr/sbin/sshd; then
    run ssh-keygen -q -t ed25519 -N "" -C "root@$1" -f "$dir/host_key"
    in_tree write etc/ssh/ssh_host_ed25519_key 0600 "$dir/host_key"
    in_tree write etc/ssh/ssh_host_ed25519_key.pub 0644 "$dir/host_key.pub"
  fi
}

step_guest_file() { # PATH MODE TEXT
  in_tree write "$1" "$2" "$dir/texts/$3"
  own_guest_path "$1"
  if [ "$said" = same ]; then return 0; fi
  # What the guest reads only when it starts.
  case $1 in */etc/systemd/* | */etc/hostname) changed="$changed guest " ;; esac
}
own_guest_path() { if ! listed "$1" "$mine/files"; then printf '%s\n' "$1" >>"$mine/files"; fi; }

step_guest_link() { # PATH TARGET
  in_tree link "$1" "$2"
  own_guest_path "$1"
}

step_guest_password() { in_tree password etc/shadow "$dir/texts/$1"; } # TEXT with the hash

step_publish() { # MACHINE
  if [ "$fresh" = no ]; then return 0; fi
  sync -f "$root"
  mv -T "$root" "$trees/$1"
  root=$trees/$1
}

# The newest lines since the program began; a last line before it would blame an earlier start.
journal() { journalctl -q --no-pager -o cat -n 12 --since "@$began" -u "$1" 2>/dev/null | tail -c 4000 || :; }

# Whether it starts at boot is part of the change; that it runs now comes after the change is complete.
step_enable() { # MACHINE ENABLED
  unit_name=systemd-nspawn@$1.service
  unmask "$unit_name"
  state=$(systemctl is-enabled "$unit_name" 2>/dev/null || :)
  case $2:$state in
    yes:enabled | no:disabled) ;;
    yes:*) run systemctl enable "$unit_name" ;;
    no:*) run systemctl disable "$unit_name" ;;
  esac
}

step_machine() { # MACHINE RUNNING
  unit_name=systemd-nspawn@$1.service
  if [ "$2" = no ]; then
    if systemctl -q is-active "$unit_name"; then say "stopping"; run systemctl stop "$unit_name"; fi
    return 0
  fi
  case $(systemctl is-active "$unit_name" || :):$changed in
    active:*" guest "*) say "restarting"; start_unit restart "$1" ;;
    active:*) ;;
    *) say "starting"; start_unit start "$1" ;;
  esac
}

# systemd-nspawn of 256 and later starts no machine whose place for sockets is still mounted, as it is after an end of which
# it knew nothing.
free_exports() { # MACHINE
  exports=/run/systemd/nspawn/unix-export/$1
  if [ ! -e "$exports" ] || systemctl -q is-active "$unit_name"; then return 0; fi
  umount "$exports" 2>/dev/null || :
  rmdir "$exports" 2>/dev/null || :
}

start_unit() { # VERB MACHINE
  free_exports "$2"
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if run systemctl "$1" "$unit_name"; then return 0; fi
  failed=soft
  complain NSPAWN_NOT_READY "the machine $2 did not start; its journal says: $(journal "$unit_name")"
}

# What its service manager says: a word, or whatever its root makes of that.
guest_state() { timeout 5 systemctl --machine="$1" is-system-running 2>/dev/null | head -n 1 | head -c 64 || :; }
is_running() { case $(guest_state "$1") in running | degraded) ;; *) return 1 ;; esac; }

step_await_ready() { # MACHINE SECONDS
  if [ "$failed" = soft ]; then return 0; fi
  if ! has_bus "$1"; then
    failed=soft
    complain NSPAWN_NOT_READY "the machine $1 has no D-Bus, by which its service manager says that it is running: put the package dbus into its image (with image.packages, or in the archive) or into the machine, or set readyWhen: \"started\", which needs none"
    return 0
  fi
  say "waiting until it is running"
  if await_running "$1" "$2"; then return 0; fi
  failed=soft
  unit_name=systemd-nspawn@$1.service
  if systemctl -q is-active "$unit_name"; then
    state=$(guest_state "$1")
    why="is \"${state:-silent}\" after $2 s: failed or waiting jobs are shown by machinectl shell $1 /bin/systemctl list-jobs"
  else
    why="ended after its start"
  fi
  complain NSPAWN_NOT_READY "the machine $1 $why; its journal says: $(journal "$unit_name")"
}

# dbus-daemon or dbus-broker, or a unit for one that is called something else. Left out of small images.
has_bus() { # MACHINE
  within "$trees/$1" find tree/usr/bin/dbus-daemon tree/usr/bin/dbus-broker-launch tree/bin/dbus-daemon \
    tree/usr/lib/systemd/system/dbus.service tree/usr/lib/systemd/system/dbus-broker.service tree/lib/systemd/system/dbus.service \
    tree/etc/systemd/system/dbus.service -maxdepth 0 2>/dev/null | grep -q .
}

await_running() {
  until=$(($(date +%s) + $2))
  while [ "$(date +%s)" -lt "$until" ]; do
    if is_running "$1"; then return 0; fi
    if ! systemctl -q is-active "systemd-nspawn@$1.service"; then return 1; fi
    sleep 0.2
  done
  return 1
}

empty_trash() {
  if [ ! -d "$library/trash" ]; then return 0; fi
  find "$library/trash" -mindepth 1 -maxdepth 1 -mtime +6 >"$dir/trash"
  while IFS= read -r old; do discard "$old"; done <"$dir/trash"
}

# The tree leaves its place by a rename, which can be taken back; what is to be deleted is so after the commit.
bury() { # MACHINE
  mkdir -p "$library/trash"
  chmod 0700 "$library/trash"
  to=$library/trash/$1-$(date -u +%Y%m%dT%H%M%SZ)
  touch "$tree"
  printf '%s\t%s\n' "$tree" "$to" >"$keep/moved"
  sync "$keep/moved"
  mv -T "$tree" "$to"
}

step_retire() { # KEY MACHINE HOW
  if [ ! -d "$owners/$1" ]; then left_to_others "the machine $2" "$2" machine; return 0; fi
  mine=$owners/$1 tainted=yes
  shift
  unit_name=systemd-nspawn@$1.service tree=$trees/$1
  discard "$trees/.#pulumi-nspawn-$1"
  if ! listed "$1" "$mine/machine"; then return 0; fi
  if [ "$2" != keep ]; then nothing_mounted "$tree"; fi
  say "stopping"
  run systemctl disable "$unit_name" 2>/dev/null || :
  run systemctl stop "$unit_name" 2>/dev/null || :
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if systemctl -q is-active "$unit_name"; then fail NSPAWN_STEP_FAILED "the machine $1 does not stop: $(systemctl status --no-pager -n 5 "$unit_name" 2>&1 | tail -n 8)"; fi
  if [ -d "$tree" ] && [ "$2" != keep ]; then bury "$1"; if [ "$2" = delete ]; then buried=$to; fi; fi
  # Files inside the tree went, or stay, with it.
  grep -v "^$tree/" "$mine/files" >"$mine/files.new" || :
  mv -f "$mine/files.new" "$mine/files"
  rm -f "$mine/machine"
  empty_trash
}
