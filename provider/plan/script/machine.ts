/** Machines: their trees, the files inside, their units. */
export const machine = String.raw`
step_tree() { # MACHINE HASH
  tree=$trees/$1
  empty_trash
  for list in $(grep -lxF -e "$1" "$owners"/*/machine 2>/dev/null || :); do
    other=$(owner_in "${"$"}{list%/machine}")
    if [ "$list" = "$mine/machine" ] || [ "$other" = "$(owner_in "$mine")" ]; then continue; fi
    if [ "$adopt" = no ]; then fail NSPAWN_OWNED "the machine $1 belongs to $other; choose another name, or set adopt: true to take it over"; fi
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
  guest=$(stat -c %u:%g "$root")
}

clone_image() {
  room 600 "$library"
  say "cloning the image"
  if [ ! -d "$trees" ]; then
    mkdir -m 0700 "$trees"
    printf '%s\n' "$trees" >>"$mine/made"
  fi
  root=$trees/.#pulumi-nspawn-$1 fresh=yes
  rm -rf "$root"
  cp -a --reflink=auto "$library/images/$2" "$root"
  # One type is enough for every client of today, and an RSA key takes a second to make.
  if [ -d "$root/etc/ssh" ] && [ -e "$root/usr/sbin/sshd" ]; then
    run ssh-keygen -q -t ed25519 -N "" -C "root@$1" -f "$root/etc/ssh/ssh_host_ed25519_key"
  fi
}

# Works inside the directory of a guest's file: a link in the tree leads out of it, and is refused.
enter_guest() { # PATH, absolute, of the tree as it will be
  inside=${"$"}{1#"$trees"/*/}
  parent=$root
  case $inside in */*) parent=$root/${"$"}{inside%/*} ;; esac
  cd -P "$root"
  rest=$(dirname "$inside")
  while [ "$rest" != . ] && [ -n "$rest" ]; do
    part=${"$"}{rest%%/*}
    case $rest in */*) rest=${"$"}{rest#*/} ;; *) rest=. ;; esac
    if [ ! -d "$part" ] && [ ! -L "$part" ]; then
      mkdir -m 0755 "$part"
      chown "$guest" "$part"
      if [ "$part" = .ssh ]; then chmod 0700 "$part"; fi
    fi
    cd -P "$part"
  done
  if [ "$(pwd -P)" != "$parent" ]; then
    cd /
    fail NSPAWN_STEP_FAILED "$1 leads through a link inside the machine's tree, and is not written; remove the link in the machine"
  fi
  name=${"$"}{inside##*/}
}

step_guest_file() { # PATH MODE TEXT
  enter_guest "$1"
  if [ -f "$name" ] && [ ! -L "$name" ] && cmp -s "$dir/texts/$3" "$name" && [ "$(stat -c 0%a:%u:%g "$name")" = "$2:$guest" ]; then
    cd /
    own_guest_path "$1"
    return 0
  fi
  new=$(mktemp ./.pulumi-nspawn.XXXXXX)
  cat "$dir/texts/$3" >"$new"
  chmod "$2" "$new"
  chown "$guest" "$new"
  sync "$new"
  mv -fT "$new" "$name"
  cd /
  own_guest_path "$1"
  # What the guest reads only when it starts.
  case $1 in */etc/systemd/* | */etc/hostname) changed="$changed guest " ;; esac
}
own_guest_path() { if ! listed "$1" "$mine/files"; then printf '%s\n' "$1" >>"$mine/files"; fi; }

step_guest_link() { # PATH TARGET
  enter_guest "$1"
  if [ "$(readlink "$name" 2>/dev/null || :)" != "$2" ]; then
    rm -f ./.pulumi-nspawn.link
    ln -s "$2" ./.pulumi-nspawn.link
    chown -h "$guest" ./.pulumi-nspawn.link
    mv -fT ./.pulumi-nspawn.link "$name"
  fi
  cd /
  own_guest_path "$1"
}

# The host's resolvers, once; after that the file is the machine's.
step_guest_resolver() {
  if [ "$fresh" = no ]; then return 0; fi
  enter_guest "$trees/any/etc/resolv.conf"
  from=/etc/resolv.conf
  if grep -q '^nameserver[[:space:]]*127\.' "$from" 2>/dev/null && [ -s /run/systemd/resolve/resolv.conf ]; then from=/run/systemd/resolve/resolv.conf; fi
  rm -f "$name"
  grep -E '^(nameserver|search|options)' "$from" 2>/dev/null | grep -v '^nameserver[[:space:]]*127\.' >"$name" || :
  chmod 0644 "$name"
  chown "$guest" "$name"
  cd /
}

step_guest_password() { # TEXT with the hash
  enter_guest "$trees/any/etc/shadow"
  if [ ! -f "$name" ] || [ -L "$name" ]; then cd /; fail NSPAWN_STEP_FAILED "the machine's tree has no /etc/shadow to set the root password in"; fi
  new=$(mktemp ./.pulumi-nspawn.XXXXXX)
  chown --reference="$name" "$new"
  chmod --reference="$name" "$new"
  awk -F: -v OFS=: -v from="$dir/texts/$1" 'BEGIN { getline hash <from } $1 == "root" { $2 = hash; if ($3 == "" || $3 == 0) $3 = 19000 } { print }' "$name" >"$new"
  if cmp -s "$new" "$name"; then rm -f "$new"; else sync "$new"; mv -fT "$new" "$name"; fi
  cd /
}

step_publish() { # MACHINE
  if [ "$fresh" = no ]; then return 0; fi
  sync -f "$root"
  mv -T "$root" "$trees/$1"
  root=$trees/$1
}

# The newest lines since the program began; a last line before it would blame an earlier start.
journal() { journalctl -q --no-pager -o cat -n 12 --since "@$began" -u "$1" 2>/dev/null || :; }

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

start_unit() { # VERB MACHINE
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if run systemctl "$1" "$unit_name"; then return 0; fi
  failed=soft
  complain NSPAWN_NOT_READY "the machine $2 did not start; its journal says: $(journal "$unit_name")"
}

guest_state() { timeout 5 systemctl --machine="$1" is-system-running 2>/dev/null || :; }
is_running() { case $(guest_state "$1") in running | degraded) ;; *) return 1 ;; esac; }

step_await_ready() { # MACHINE SECONDS
  if [ "$failed" = soft ]; then return 0; fi
  say "waiting until it is running"
  if await_running "$1" "$2"; then return 0; fi
  failed=soft
  unit_name=systemd-nspawn@$1.service
  if systemctl -q is-active "$unit_name"; then
    state=$(guest_state "$1")
    why="is \"${"$"}{state:-silent}\" after $2 s: failed or waiting jobs are shown by machinectl shell $1 /bin/systemctl list-jobs"
  else
    why="ended after its start"
  fi
  complain NSPAWN_NOT_READY "the machine $1 $why; its journal says: $(journal "$unit_name")"
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
  if [ -d "$library/trash" ]; then find "$library/trash" -mindepth 1 -maxdepth 1 -mtime +6 -exec rm -rf --one-file-system {} +; fi
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
  if [ ! -d "$owners/$1" ]; then return 0; fi
  mine=$owners/$1 tainted=yes
  shift
  unit_name=systemd-nspawn@$1.service tree=$trees/$1
  rm -rf "$trees/.#pulumi-nspawn-$1"
  if ! listed "$1" "$mine/machine"; then return 0; fi
  say "stopping"
  run systemctl disable "$unit_name" 2>/dev/null || :
  run systemctl stop "$unit_name" 2>/dev/null || :
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if [ -d "$tree" ] && [ "$2" != keep ]; then bury "$1"; if [ "$2" = delete ]; then buried=$to; fi; fi
  # Files inside the tree went, or stay, with it.
  grep -v "^$tree/" "$mine/files" >"$mine/files.new" || :
  mv -f "$mine/files.new" "$mine/files"
  rm -f "$mine/machine"
  empty_trash
}
`;
