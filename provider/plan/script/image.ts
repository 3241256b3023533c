/** Images: built once per content, beside the machines' trees, then cloned. */
export const image = String.raw`
step_image() { # HASH SUITE MIRROR VARIANT PACKAGES MACHINE
  image=$library/images/$1
  if [ -d "$image" ] || [ -d "$trees/$6" ]; then return 0; fi
  mkdir -p "$library/images"
  exec 8>"$library/images/$1.lock"
  if ! flock -n 8; then
    say "waiting for the image, which another machine is building"
    flock -w 1500 8 || fail NSPAWN_STEP_FAILED "the image $1 is being built for more than 25 minutes; see ps on the host"
  fi
  if [ ! -d "$image" ]; then build_image "$@"; fi
  exec 8>&-
}

build_image() {
  room 1200 "$library"
  partial=$image.partial
  rm -rf "$partial"
  if [ "$4" = - ]; then variant=""; else variant=--variant=$4; fi
  say "building the image: debootstrap $2"
  : >"$dir/ok"
  { run debootstrap $variant --include="$(paste -sd, "$dir/texts/$5")" "$2" "$partial" "$3" 2>&1 || rm -f "$dir/ok"; } | tell_debootstrap
  if [ ! -e "$dir/ok" ]; then
    tail -n 5 "$partial/debootstrap/debootstrap.log" 2>/dev/null || :
    rm -rf "$partial"
    if tail -n 30 "$dir/log" | grep -qE "No space left"; then fail NSPAWN_DISK_FULL "the image does not fit: $(tail -n 3 "$dir/log")"; fi
    if tail -n 30 "$dir/log" | grep -qE "Failed getting release|Couldn't download|Invalid Release|Release signed by unknown|Unable to execute|unable to resolve|Unknown suite|No such script"; then
      fail NSPAWN_MIRROR "debootstrap $2 from $3: $(grep -E '^[EW]:' "$dir/log" | tail -n 4); check image.suite, image.mirror, and that the host reaches it"
    fi
    fail NSPAWN_STEP_FAILED "debootstrap $2 failed: $(grep -E '^[EW]:' "$dir/log" | tail -n 4); check image.suite and image.packages"
  fi
  say "finishing the image"
  finish_image "$partial"
  sync -f "$partial"
  mv -T "$partial" "$image"
}

tell_debootstrap() {
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in "I: "*) say "image: ${"$"}{line#I: }" ;; esac
  done
}

# Nothing that identifies one machine stays in what many are cloned from.
finish_image() {
  : >"$1/etc/machine-id"
  rm -f "$1/var/lib/dbus/machine-id" "$1"/etc/ssh/ssh_host_*_key "$1"/etc/ssh/ssh_host_*_key.pub
  rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
  rm -f "$1/etc/resolv.conf" "$1/etc/hostname"
  run systemctl --root="$1" enable systemd-networkd.service
  run systemctl --root="$1" disable systemd-networkd-wait-online.service || :
}
`;
