# shellcheck shell=dash
# What the next boot will make of the network, as far as it can be known: a change that is confirmed by a login says nothing
# of a host whose files were changed since it booted.

refuse_pending_boot() { # CONFIRM: a change that could cut the host off
  local link
  if [ "$1" != yes ] || ! command -v ip >/dev/null; then return 0; fi
  PENDING=""
  pending_netplan
  for link in $(default_links); do
    pending_networkd "$link"
    pending_ifupdown "$link"
  done
  if [ -n "$PENDING" ]; then
    fail NSPAWN_NEXT_BOOT "the next boot would configure the host's network otherwise than it is now: $PENDING. Apply what is wanted (netplan try, networkctl reload, ifup) or put the files back, see that the host stays reachable, and run up again"
  fi
}

will_differ() { PENDING="${PENDING:+$PENDING; }$1"; }

# Rendered as netplan's generator will at the boot, by itself: netplan generate reloads systemd as well, with which it would
# write what it finds into /run.
pending_netplan() {
  local generator current coming folder name
  generator=/usr/libexec/netplan/generate
  if [ ! -x "$generator" ]; then generator=/usr/lib/netplan/generate; fi
  if [ ! -x "$generator" ]; then return 0; fi
  current=/run/systemd/network coming=$DIR/netplan/run/systemd/network
  rm -rf "$DIR/netplan"
  mkdir -p "$DIR/netplan"
  for folder in /etc/netplan /lib/netplan /run/netplan; do
    if [ -d "$folder" ]; then
      mkdir -p "$DIR/netplan${folder%/*}"
      cp -a "$folder/" "$DIR/netplan$folder"
    fi
  done
  if ! "$generator" --root-dir "$DIR/netplan"; then
    will_differ "netplan refuses the files in /etc/netplan ($(tail -n 3 "$DIR/log" | tr '\n' ' '))"
    return 0
  fi
  for name in $({ ls "$current" "$coming" 2>/dev/null || :; } | grep '^10-netplan-.*\.\(network\|netdev\)$' | sort -u); do
    # Its generator, which each daemon-reload runs too, is to come.
    if [ ! -e "$current/$name" ] || cmp -s "$current/$name" "$coming/$name"; then continue; fi
    if [ ! -e "$coming/$name" ]; then will_differ "no file in /etc/netplan makes $current/$name any more"; else will_differ "the files in /etc/netplan make another $name than $current has"; fi
  done
}

pending_networkd() { # LINK
  local index by
  index=$(cat "/sys/class/net/$1/ifindex" 2>/dev/null) || return 0
  by=$(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/$index" 2>/dev/null) || by=""
  if [ -n "$by" ] && [ ! -e "$by" ] && [ ! -e "$DIR/netplan$by" ]; then will_differ "$1 is configured by $by, which is gone"; fi
}

pending_ifupdown() { # LINK
  local address
  if ! command -v ifquery >/dev/null || ! grep -qs "^$1=" /run/network/ifstate; then return 0; fi
  if ! {
    ifquery --list --allow=auto
    ifquery --list --allow=hotplug
  } 2>/dev/null | grep -qxF -e "$1"; then
    will_differ "$1 was brought up by ifupdown, and no auto or allow-hotplug line of /etc/network/interfaces names it any more"
    return 0
  fi
  if ! ifquery "$1" >"$DIR/ifquery"; then
    will_differ "ifupdown refuses what /etc/network/interfaces has for $1"
    return 0
  fi
  # Addresses that are given there are on the link, unless its files were changed since.
  ip -o addr show dev "$1" | awk '{ sub("/.*", "", $4); print $4 }' >"$DIR/addresses"
  # shellcheck disable=SC2013 # words
  for address in $(sed -n 's/^address: \([0-9.]*\)\(\/.*\)\{0,1\}$/\1/p' "$DIR/ifquery"); do
    if ! grep -qxF -e "$address" "$DIR/addresses"; then will_differ "/etc/network/interfaces gives $1 the address $address, which it does not have"; fi
  done
}
