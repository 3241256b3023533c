# shellcheck shell=dash
# Images of machines: what somebody made of one, to begin others with. The machine's root is not trusted.

step_publish_image() {
  local hash="$1" machine="$2" key="$3" live="$4" info="$5"
  local image source from archive
  need_storage
  image=$(store)/images/$hash source=$TREES/$machine from="the machine $machine"
  # Refuses an image of that name and version that is somebody else's.
  if [ -e "$info" ]; then claim_path "$info" no; fi
  if [ -d "$image" ] && [ -e "$info" ]; then return 0; fi
  if [ ! -d "$source" ] || [ -L "$source" ] || ! listed "$machine" "$OWNERS/$key/machine"; then
    fail NSPAWN_IMAGE "there is no machine $machine of this program on the host, of which an image could be made; it has to be on the image's host"
  fi
  mkdir -p "${image%/*}"
  exec 8>"$image.lock"
  flock -w 1500 8 || fail NSPAWN_STEP_FAILED "the image of $machine is being made for more than 25 minutes; see ps on the host"
  # What was made, and not told any more.
  discard "$image"
  partial_in "$image.partial"
  archive=$PARTIAL.tar
  discard_partial
  standing_still
  pack_tree "$source"
  if [ "$STEADY" -gt 1 ] || { [ "$STEADY" = 1 ] && [ "$live" = no ]; }; then
    fail NSPAWN_IMAGE "$from changed while it was copied: $(tail -n 3 "$DIR/log"); run up again, or give live: true"
  fi
  FINGERPRINT=$(sha256sum <"$archive")
  unpack_archive
  move_owners "$PARTIAL"
  forget_machine "$key"
  finish_image "$PARTIAL"
  sync -f "$PARTIAL"
  mv -T "$PARTIAL" "$image"
  discard_partial
  partial_in ""
  tell_published
  exec 8>&-
}

# A tree that nobody writes to: a snapshot, or that of a machine that does not run.
standing_still() {
  local state
  if is_subvolume "$source" && run btrfs -q subvolume snapshot "$source" "$PARTIAL.source"; then
    source=$PARTIAL.source
    return 0
  fi
  state=$(systemctl is-active "systemd-nspawn@$machine.service" || :)
  case $state:$live in
    inactive:* | failed:* | *:yes) return 0 ;;
  esac
  fail NSPAWN_IMAGE "$from runs ($state), and files that are copied meanwhile need not fit together: stop it for this up (running: false), use storage of type btrfs, which makes a snapshot, or give live: true"
}

# What is of this one machine and of nobody else: whatever the library wrote into it, its log, seeds, leases, who may log in.
forget_machine() { # KEY
  awk -v tree="$TREES/$machine/" 'index($0, tree) == 1 { printf "%s%c", substr($0, length(tree) + 1), 0 }' "$OWNERS/$1/files" >"$DIR/own"
  within "$PARTIAL" sh -ec 'cd tree; xargs -0 -r rm -f --' <"$DIR/own" || fail NSPAWN_IMAGE "$from: a file of the library's could not be removed: $(tail -n 3 "$DIR/log")"
  # shellcheck disable=SC2016 # for another shell
  within "$PARTIAL" sh -ec 'cd tree
    for folder in var/log/journal var/lib/dhcp var/lib/systemd/network; do
      if [ -d "$folder" ] && [ ! -L "$folder" ]; then find "$folder" -mindepth 1 -delete; fi
    done
    rm -f var/lib/systemd/random-seed var/lib/systemd/credential.secret etc/shadow- root/.bash_history
    for home in root home; do
      if [ -d "$home" ] && [ ! -L "$home" ]; then find "$home" -xdev -path "*/.ssh/authorized_keys*" ! -type d -delete; fi
    done
    if [ -f etc/shadow ] && [ ! -L etc/shadow ]; then
      cp -p etc/shadow etc/.pulumi-nspawn.shadow
      sed "s/^root:[^:]*:/root:*:/" etc/shadow >etc/.pulumi-nspawn.shadow
      mv -f etc/.pulumi-nspawn.shadow etc/shadow
    fi' || fail NSPAWN_IMAGE "$from: what is its own could not be removed: $(tail -n 3 "$DIR/log")"
}

# In a file of the resource's own, which goes with it.
tell_published() {
  claim_path "$info" no
  make_directory "${info%/*}"
  {
    printf 'fingerprint\t%s\n' "${FINGERPRINT%% *}"
    printf 'bytes\t%s\n' "$(sed -n 's/^bytes //p' "$DIR/entries")"
    printf 'date\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  } >"$info.new"
  sync "$info.new"
  mv -f "$info.new" "$info"
}

build_published() {
  fail NSPAWN_IMAGE "the host has no image $(source_of name) of version $(source_of version): it is on the host of its MachineImage, where it was published; give the machine that host, or publish it on this one"
}

# Names of machines that were made of it.
made_of() { grep -lxF -e "image$TAB$1" "$OWNERS"/*/record 2>/dev/null | while IFS= read -r record; do sed -n "s/^machine$TAB//p" "$record"; done; } # HASH

step_image_unused() {
  local hash="$1"
  local users
  users=$(made_of "$hash" | sort | head -n 20 | paste -sd, | sed 's/,/, /g')
  if [ -n "$users" ]; then fail NSPAWN_OWNED "the image is what machines of the host are made of: $users; remove them or give them another image first, or set keep: true, and the host keeps it"; fi
}

step_drop_image() {
  local hash="$1"
  local image
  image=$(store)/images/$hash
  say "removing the image"
  if [ -e "$image" ]; then discard "$image"; fi
  rm -f "$image.lock"
  rmdir "$LIBRARY/published" 2>/dev/null || :
}
