# shellcheck shell=dash
# Images: built once per content, beside the machines' trees, then cloned.

PARTIAL=""
partial_in() { PARTIAL=$1; } # FOLDER

# Whether an archive has to be sent for it.
step_image_wanted() {
  local hash="$1" machine="$2"
  need_storage
  if [ -d "$(store)/images/$hash" ] || [ -d "$TREES/$machine" ]; then echo no; else echo yes; fi >"$DIR/wanted"
  frame result wanted "$DIR/wanted"
}

step_image() {
  local hash="$1" machine="$2" host="$3" kind="$4" source="$5"
  local image
  need_storage
  image=$(store)/images/$hash HOST_OWNER=$OWNERS/$host source=$DIR/texts/$source
  if [ -d "$image" ] || [ -d "$TREES/$machine" ]; then return 0; fi
  mkdir -p "${image%/*}"
  exec 8>"$image.lock"
  if ! flock -n 8; then
    say "waiting for the image, which another machine is building"
    flock -w 1500 8 || fail NSPAWN_STEP_FAILED "the image $hash is being built for more than 25 minutes; see ps on the host"
  fi
  if [ ! -d "$image" ]; then
    PARTIAL=$image.partial
    discard_partial
    "build_$kind"
    say "finishing the image"
    finish_image "$PARTIAL"
    sync -f "$PARTIAL"
    mv -T "$PARTIAL" "$image"
    discard_partial
    PARTIAL=""
  fi
  exec 8>&-
}

# What an image is made of, and whatever of it is left when it fails.
discard_partial() {
  local mounted
  # debootstrap's, when it was killed.
  awk -v tree="$PARTIAL/" 'index($5, tree) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while IFS= read -r mounted; do umount -l "$mounted"; done
  discard "$PARTIAL"
  # Of a machine that is published.
  if [ -d "$PARTIAL.source" ]; then discard "$PARTIAL.source"; fi
  rm -f "$PARTIAL".*
}
source_of() { sed -n "s/^$1$TAB//p" "$source"; }

# Packages that only the making of an image needs. They go with the host, like those that it asked for.
tools() { # PACKAGE…
  local tool machine_owner
  ask_for_no_package
  for tool; do step_package "$tool" required; done
  if [ -z "$MISSING" ]; then return 0; fi
  machine_owner=$MINE
  if [ -d "$HOST_OWNER" ]; then as_owner "$HOST_OWNER"; fi
  step_install
  as_owner "$machine_owner"
}

# Sets KEYRING: a file that gpgv can read.
choose_keyring() { # PACKAGE FILE: where the usual keys are; - for none
  local text
  tools gpgv
  KEYRING=$(source_of keyring-file) text=$(source_of keyring-text)
  if [ -n "$text" ]; then
    KEYRING=$DIR/keyring.gpg
    base64 -d "$DIR/texts/$text" >"$KEYRING"
  elif [ -z "$KEYRING" ]; then
    KEYRING=$2
    tools "$1"
  fi
  if [ ! -f "$KEYRING" ]; then fail NSPAWN_IMAGE "the host has no keyring $KEYRING; install the package that has it, or give the keys themselves"; fi
}

build_debootstrap() {
  local suite mirror variant include
  suite=$(source_of suite) mirror=$(source_of mirror) variant=$(source_of variant)
  room_for_tree 1200
  choose_keyring debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg
  include=$(paste -sd, "$DIR/texts/$(source_of packages)")
  # The whole of it is the variant without a name.
  if [ "$variant" = standard ]; then variant=""; else variant=--variant=$variant; fi
  say "building the image: debootstrap $suite"
  new_tree "$PARTIAL"
  : >"$DIR/ok"
  # shellcheck disable=SC2086 # words
  { run debootstrap --force-check-gpg --keyring="$KEYRING" $variant --include="$include" "$suite" "$PARTIAL" "$mirror" 2>&1 || rm -f "$DIR/ok"; } | tell_debootstrap
  if [ -e "$DIR/ok" ]; then return 0; fi
  tail -n 5 "$PARTIAL/debootstrap/debootstrap.log" 2>/dev/null || :
  if tail -n 30 "$DIR/log" | grep -qE "No space left"; then fail NSPAWN_DISK_FULL "the image does not fit: $(tail -n 3 "$DIR/log")"; fi
  if tail -n 30 "$DIR/log" | grep -qE "Failed getting release|Couldn't download|Invalid Release|Release signed by unknown|Unable to execute|unable to resolve|Unknown suite|No such script"; then
    fail NSPAWN_MIRROR "debootstrap $suite from $mirror: $(grep -E '^[EW]:' "$DIR/log" | tail -n 4); check image.suite, image.mirror, image.keyring, and that the host reaches the mirror"
  fi
  fail NSPAWN_STEP_FAILED "debootstrap $suite failed: $(grep -E '^[EW]:' "$DIR/log" | tail -n 4); check image.suite and image.packages"
}

tell_debootstrap() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in "I: "*) say "image: ${line#I: }" ;; esac
  done
}

# Nothing that identifies one machine stays in what many are cloned from.
finish_image() {
  within "$1" sh -ec 'cd tree
    rm -f etc/machine-id var/lib/dbus/machine-id etc/ssh/ssh_host_*_key etc/ssh/ssh_host_*_key.pub etc/resolv.conf etc/hostname
    : >etc/machine-id
    rm -rf var/cache/apt/archives/*.deb var/lib/apt/lists/*'
  run systemctl --root="$1" enable systemd-networkd.service
  run systemctl --root="$1" disable systemd-networkd-wait-online.service || :
}
