# shellcheck shell=dash
# Units: what they were before is remembered, and put back exactly, whichever state systemd has for it.

# How a unit is enabled, masked or linked, for good or until the next boot, is links in these two folders, systemctl(1);
# static, indirect, generated and transient ones have none.
unit_folders="/etc/systemd/system /run/systemd/system"
# What holds until the next boot is nothing to put back after it.
this_boot() { cat /proc/sys/kernel/random/boot_id; }

# Lines of PATH and TARGET: the links that have one of the names, or lead to one.
links_of() { # FILE with names of units, FOLDERS
  find $2 -maxdepth 2 -type l -printf '%p\t%l\n' 2>/dev/null | awk -F '\t' -v names="$1" '
    BEGIN { while ((getline name <names) > 0) is[name] = 1 }
    { path = $1; target = $2; sub(".*/", "", path); sub(".*/", "", target); if (path in is || target in is) print }' | sort
}

# Units by name with those that are enabled along with them.
with_also() {
  while IFS= read -r name; do
    printf '%s\n' "$name"
    for folder in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
      sed -n 's/^Also=//p' "$folder/$name" 2>/dev/null | tr -s ' ' '\n' || :
    done
  done | sort -u
}

# Exactly these links, and no other of those names. A file that stands in the place of one is somebody's.
put_links() { # NAMES LINKS FOLDERS
  links_of "$1" "$3" >"$dir/links.now"
  while IFS=$tab read -r path target; do
    if grep -qxF -e "$path$tab$target" "$2"; then continue; fi
    rm -f "$path"
    case $path in *.wants/* | *.requires/*) rmdir "${path%/*}" 2>/dev/null || : ;; esac
    changed="$changed systemd "
  done <"$dir/links.now"
  while IFS=$tab read -r path target; do
    case " $3 " in *" ${path%/systemd/system/*}/systemd/system "*) ;; *) continue ;; esac
    if [ -e "$path" ] || [ -L "$path" ]; then continue; fi
    mkdir -p "${path%/*}"
    ln -s "$target" "$path"
    changed="$changed systemd "
  done <"$2"
}

unit_state() { systemctl show -p UnitFileState -p ActiveState --value -- "$1" 2>/dev/null | tr '\n' "$tab"; }
remember_unit() {
  if grep -qF -e "$1$tab" "$mine/units"; then return 0; fi
  printf '%s\n' "$1" | with_also >"$dir/unit.names"
  # The first line says that there is a memory of it, be it of no link.
  { printf '%s\t-\t%s\n' "$1" "$(this_boot)"; links_of "$dir/unit.names" "$unit_folders" | sed "s|^|$1$tab|"; } >>"$mine/unit-links"
  printf '%s\t%s\n' "$1" "$(unit_state "$1")" >>"$mine/units"
}

# Packages enable and start their units: how things were has to be known before.
step_remember() { remember_unit "$1"; }

# A mask stands in the place of the unit: nothing enables or starts it.
unmask() {
  case $(systemctl is-enabled -- "$1" 2>/dev/null || :) in
    masked) run systemctl unmask -- "$1" ;;
    masked-runtime) run systemctl unmask --runtime -- "$1" ;;
  esac
}

# Enabling networkd enables these along. One would delay every boot until networkd's links are up, and it has none; the other
# makes files of networkd from ip= of the kernel's command line.
with_networkd="systemd-networkd-wait-online.service systemd-network-generator.service"
not_enabled() { # UNIT…
  for name in "$@"; do
    remember_unit "$name"
    if [ "$(systemctl is-enabled "$name" 2>/dev/null || :)" != enabled ]; then printf '%s ' "$name"; fi
  done
}

step_unit() { # UNIT ENABLED ACTIVE
  remember_unit "$1"
  along=""
  if [ "$1" = systemd-networkd.service ]; then along=$(not_enabled $with_networkd); fi
  unmask "$1"
  state=$(systemctl is-enabled -- "$1" 2>/dev/null || :)
  case $2:$state in
    enabled:enabled | disabled:disabled | -:*) ;;
    enabled:*) run systemctl enable -- "$1" ;;
    # For good, and until the next boot.
    disabled:*-runtime) run systemctl disable -- "$1"; run systemctl disable --runtime -- "$1" ;;
    disabled:*) run systemctl disable -- "$1" ;;
  esac
  if [ -n "$along" ]; then run systemctl disable $along || :; fi
  case $3 in
    active) if ! systemctl -q is-active -- "$1"; then run systemctl start -- "$1"; fi ;;
    inactive) if systemctl -q is-active -- "$1"; then run systemctl stop -- "$1"; fi ;;
  esac
}

# networkd comes back by itself as long as its socket listens. What a boot is about to start would wait for us.
stop_unit() { # UNIT
  soon=""
  if [ "$mode" = boot ]; then soon=--no-block; fi
  if [ "$1" = systemd-networkd.service ]; then run systemctl $soon stop systemd-networkd.socket 2>/dev/null || :; fi
  run systemctl $soon stop -- "$1" 2>/dev/null || :
}

restore_unit() { # UNIT FILE-STATE ACTIVE-STATE
  case $3 in
    active | activating | reloading) ;;
    *) stop_unit "$1" ;;
  esac
  remembered=$(sed -n "s/^$1$tab-$tab//p" "$mine/unit-links" 2>/dev/null) || remembered=""
  if [ -n "$remembered" ]; then
    folders=$unit_folders
    if [ "$remembered" != "$(this_boot)" ]; then folders=/etc/systemd/system; fi
    printf '%s\n' "$1" | with_also >"$dir/unit.names"
    sed -n "s|^$1$tab\(/.*\)|\1|p" "$mine/unit-links" >"$dir/unit.links"
    put_links "$dir/unit.names" "$dir/unit.links" "$folders"
    grep -v "^$1$tab" "$mine/unit-links" >"$mine/unit-links.new" || :
    mv -f "$mine/unit-links.new" "$mine/unit-links"
    return 0
  fi
  # Remembered by a version that knew words alone.
  case $2 in
    enabled) ;;
    disabled | "") run systemctl disable -- "$1" 2>/dev/null || : ;;
    masked) run systemctl disable -- "$1" 2>/dev/null || : ; run systemctl mask -- "$1" 2>/dev/null || : ;;
  esac
}

# An owner that took things over remembers how they were when it did.
others_need() { # LINE of a record
  for record in $(grep -lxF -e "$1" "$owners"/*/record 2>/dev/null); do
    if [ "$record" != "$mine/record" ]; then return 0; fi
  done
  return 1
}

comes_with_networkd() { case " $with_networkd " in *" $1 "*) ;; *) return 1 ;; esac; }

restore_units() { # RECORD: only units that it does not name; - for all
  cp "$mine/units" "$dir/units.was"
  # show prints the active state first: its properties come in the order that systemd has, not that of the command.
  while IFS=$tab read -r unit one two; do
    if [ "$1" != - ] && { listed "unit$tab$unit" "$1" || { comes_with_networkd "$unit" && listed "unit$tab""systemd-networkd.service" "$1"; }; }; then continue; fi
    if others_need "unit$tab$unit"; then continue; fi
    case $one in
      active | inactive | failed | activating | deactivating | reloading) restore_unit "$unit" "$two" "$one" ;;
      *) restore_unit "$unit" "$one" "$two" ;;
    esac
    grep -v "^$unit$tab" "$mine/units" >"$mine/units.new" || :
    mv -f "$mine/units.new" "$mine/units"
  done <"$dir/units.was"
}
