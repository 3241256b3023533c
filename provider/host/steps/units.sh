# shellcheck shell=dash
# Units: what they were before is remembered, and put back exactly, whichever state systemd has for it.

# How a unit is enabled, masked or linked, for good or until the next boot, is links in these two folders, systemctl(1);
# static, indirect, generated and transient ones have none.
UNIT_FOLDERS="/etc/systemd/system /run/systemd/system"
# What holds until the next boot is nothing to put back after it.
this_boot() { cat /proc/sys/kernel/random/boot_id; }

# Lines of PATH and TARGET: the links that have one of the names, or lead to one.
links_of() { # FILE with names of units, FOLDERS
  # shellcheck disable=SC2086 # words
  find $2 -maxdepth 2 -type l -printf '%p\t%l\n' 2>/dev/null | awk -F '\t' -v names="$1" '
    BEGIN { while ((getline name <names) > 0) is[name] = 1 }
    { path = $1; target = $2; sub(".*/", "", path); sub(".*/", "", target); if (path in is || target in is) print }' | sort
}

# Units by name with those that are enabled along with them.
with_also() {
  local name folder
  while IFS= read -r name; do
    printf '%s\n' "$name"
    for folder in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
      sed -n 's/^Also=//p' "$folder/$name" 2>/dev/null | tr -s ' ' '\n' || :
    done
  done | sort -u
}

# Exactly these links, and no other of those names. A file that stands in the place of one is somebody's.
put_links() { # NAMES LINKS FOLDERS
  local path target
  links_of "$1" "$3" >"$DIR/links.now"
  while IFS=$TAB read -r path target; do
    if grep -qxF -e "$path$TAB$target" "$2"; then continue; fi
    rm -f "$path"
    case $path in *.wants/* | *.requires/*) rmdir "${path%/*}" 2>/dev/null || : ;; esac
    mark_changed systemd
  done <"$DIR/links.now"
  while IFS=$TAB read -r path target; do
    case " $3 " in *" ${path%/systemd/system/*}/systemd/system "*) ;; *) continue ;; esac
    if [ -e "$path" ] || [ -L "$path" ]; then continue; fi
    mkdir -p "${path%/*}"
    ln -s "$target" "$path"
    mark_changed systemd
  done <"$2"
}

unit_state() { systemctl show -p UnitFileState -p ActiveState --value -- "$1" 2>/dev/null | tr '\n' "$TAB"; }
remember_unit() {
  if grep -qF -e "$1$TAB" "$MINE/units"; then return 0; fi
  printf '%s\n' "$1" | with_also >"$DIR/unit.names"
  # The first line says that there is a memory of it, be it of no link.
  {
    printf '%s\t-\t%s\n' "$1" "$(this_boot)"
    links_of "$DIR/unit.names" "$UNIT_FOLDERS" | sed "s|^|$1$TAB|"
  } >>"$MINE/unit-links"
  printf '%s\t%s\n' "$1" "$(unit_state "$1")" >>"$MINE/units"
}

# Packages enable and start their units: how things were has to be known before.
step_remember() {
  local unit="$1"
  remember_unit "$unit"
}

# A mask stands in the place of the unit: nothing enables or starts it.
unmask() {
  case $(systemctl is-enabled -- "$1" 2>/dev/null || :) in
    masked) run systemctl unmask -- "$1" ;;
    masked-runtime) run systemctl unmask --runtime -- "$1" ;;
  esac
}

# Enabling networkd enables these along. One would delay every boot until networkd's links are up, and it has none; the other
# makes files of networkd from ip= of the kernel's command line.
WITH_NETWORKD="systemd-networkd-wait-online.service systemd-network-generator.service"
not_enabled() { # UNIT…
  local name
  for name in "$@"; do
    remember_unit "$name"
    if [ "$(systemctl is-enabled "$name" 2>/dev/null || :)" != enabled ]; then printf '%s ' "$name"; fi
  done
}

step_unit() {
  local unit="$1" enabled="$2" active="$3"
  local along state
  remember_unit "$unit"
  along=""
  # shellcheck disable=SC2086 # words
  if [ "$unit" = systemd-networkd.service ]; then along=$(not_enabled $WITH_NETWORKD); fi
  unmask "$unit"
  state=$(systemctl is-enabled -- "$unit" 2>/dev/null || :)
  case $enabled:$state in
    enabled:enabled | disabled:disabled | -:*) ;;
    enabled:*) run systemctl enable -- "$unit" ;;
    # For good, and until the next boot.
    disabled:*-runtime)
      run systemctl disable -- "$unit"
      run systemctl disable --runtime -- "$unit"
      ;;
    disabled:*) run systemctl disable -- "$unit" ;;
  esac
  # shellcheck disable=SC2086 # words
  if [ -n "$along" ]; then run systemctl disable $along || :; fi
  case $active in
    active) if ! systemctl -q is-active -- "$unit"; then run systemctl start -- "$unit"; fi ;;
    inactive) if systemctl -q is-active -- "$unit"; then run systemctl stop -- "$unit"; fi ;;
  esac
}

# networkd comes back by itself as long as its socket listens. What a boot is about to start would wait for us.
stop_unit() { # UNIT
  local soon
  soon=""
  if [ "$MODE" = boot ]; then soon=--no-block; fi
  if [ "$1" = systemd-networkd.service ]; then run systemctl $soon stop systemd-networkd.socket 2>/dev/null || :; fi
  run systemctl $soon stop -- "$1" 2>/dev/null || :
}

restore_unit() { # UNIT FILE-STATE ACTIVE-STATE
  local remembered folders
  case $3 in
    active | activating | reloading) ;;
    *) stop_unit "$1" ;;
  esac
  remembered=$(sed -n "s/^$1$TAB-$TAB//p" "$MINE/unit-links" 2>/dev/null) || remembered=""
  if [ -n "$remembered" ]; then
    folders=$UNIT_FOLDERS
    if [ "$remembered" != "$(this_boot)" ]; then folders=/etc/systemd/system; fi
    printf '%s\n' "$1" | with_also >"$DIR/unit.names"
    sed -n "s|^$1$TAB\(/.*\)|\1|p" "$MINE/unit-links" >"$DIR/unit.links"
    put_links "$DIR/unit.names" "$DIR/unit.links" "$folders"
    grep -v "^$1$TAB" "$MINE/unit-links" >"$MINE/unit-links.new" || :
    mv -f "$MINE/unit-links.new" "$MINE/unit-links"
    return 0
  fi
  # Remembered by a version that knew words alone.
  case $2 in
    enabled) ;;
    disabled | "") run systemctl disable -- "$1" 2>/dev/null || : ;;
    masked)
      run systemctl disable -- "$1" 2>/dev/null || :
      run systemctl mask -- "$1" 2>/dev/null || :
      ;;
  esac
}

# An owner that took things over remembers how they were when it did.
others_need() { # LINE of a record
  local record
  # shellcheck disable=SC2013 # words
  for record in $(grep -lxF -e "$1" "$OWNERS"/*/record 2>/dev/null); do
    if [ "$record" != "$MINE/record" ]; then return 0; fi
  done
  return 1
}

comes_with_networkd() { case " $WITH_NETWORKD " in *" $1 "*) ;; *) return 1 ;; esac }

restore_units() { # RECORD: only units that it does not name; - for all
  local unit one two
  cp "$MINE/units" "$DIR/units.was"
  # show prints the active state first: its properties come in the order that systemd has, not that of the command.
  while IFS=$TAB read -r unit one two; do
    if [ "$1" != - ] && { listed "unit$TAB$unit" "$1" || { comes_with_networkd "$unit" && listed "unit$TAB""systemd-networkd.service" "$1"; }; }; then continue; fi
    if others_need "unit$TAB$unit"; then continue; fi
    case $one in
      active | inactive | failed | activating | deactivating | reloading) restore_unit "$unit" "$two" "$one" ;;
      *) restore_unit "$unit" "$one" "$two" ;;
    esac
    grep -v "^$unit$TAB" "$MINE/units" >"$MINE/units.new" || :
    mv -f "$MINE/units.new" "$MINE/units"
  done <"$DIR/units.was"
}
