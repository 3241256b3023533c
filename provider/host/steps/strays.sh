# shellcheck shell=dash
# Takes away what somebody put in the way of a promise. Only what the kernel has now: files of others stay.

# Noted before something is taken away: the command of ip that gives it back when the change is.
taken() { if [ -n "$KEEP" ]; then
  printf '%s\n' "$*" >>"$KEEP/taken"
  sync "$KEEP/taken"
fi; }

managed() { ! grep -qs '^ADMIN_STATE=unmanaged' "/run/systemd/netif/links/$(cat "/sys/class/net/$1/ifindex")"; }

# Whatever a link has a route to is not for it to answer for. What was there comes back with the uplink's other settings.
answer_not_for_all() { # LINK...
  local link file before
  for link in "$@"; do
    for file in "/proc/sys/net/ipv4/conf/$link/proxy_arp" "/proc/sys/net/ipv4/conf/$link/proxy_arp_pvlan"; do
      before=$(cat "$file" 2>/dev/null || echo 0)
      if [ "$before" = 0 ]; then continue; fi
      if [ -d /run/pulumi-nspawn ] && ! grep -qs "^$file " /run/pulumi-nspawn/settings; then echo "$file $before" >>/run/pulumi-nspawn/settings; fi
      echo 0 >"$file"
    done
  done
}

# The interface that the uplink script was written for, or finds.
uplink_of_script() {
  local uplink family
  uplink=$(sed -n "s/^uplink='\(.*\)'\$/\1/p" /etc/pulumi-nspawn/uplink 2>/dev/null || :)
  for family in -4 -6; do
    if [ -z "$uplink" ]; then uplink=$(ip $family route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1); fi
  done
  printf '%s\n' "$uplink"
}

step_quiet_uplink() {
  # shellcheck disable=SC2046 # words
  answer_not_for_all all default $(uplink_of_script)
}

# The bridge is ours alone, its ports are machines' or of its own macvlan, and on it nobody is answered for.
step_only_ours() {
  local bridge="$1"
  local port family address rest destination
  if ! await 2 managed "$bridge"; then
    reconfigure "$bridge"
    await 5 managed "$bridge" || :
  fi
  for port in $(ip -o link show master "$bridge" | awk -F'[@:] *' '{ print $2 }'); do
    case $port:$(ip -o link show dev "$port" type veth) in
      vb-*:?*) ;;
      *:?*) if ! listed "/etc/systemd/network/10-$port.netdev" "$MINE/files"; then ip link set dev "$port" nomaster; fi ;;
      *) is_tunnel_of "$port" "$bridge" || ip link set dev "$port" nomaster ;;
    esac
  done
  answer_not_for_all "$bridge"
  sed -n 's/^Destination=//p' /etc/systemd/network/*.network.d/*.conf >"$DIR/destinations" 2>/dev/null || :
  for family in -4 -6; do
    ip $family neigh show proxy dev "$bridge" | while read -r address rest; do
      taken "neigh add proxy $address dev $bridge"
      ip $family neigh del proxy "$address" dev "$bridge"
    done
    ip $family route show dev "$bridge" proto boot | while read -r destination rest; do
      if ! grep -qxF -e "$destination" -e "$destination/32" -e "$destination/128" "$DIR/destinations"; then
        ip $family route del "$destination" dev "$bridge" proto boot
      fi
    done
  done
}

# An address of a machine is routed to it: the host neither has it nor drops it.
step_free_addresses() { # TEXT, lines of an address and the bridge behind which it is, or -
  local addresses="$1"
  local family address bridge
  ip -o addr >"$DIR/addresses"
  for family in -4 -6; do
    ip $family route show proto boot >"$DIR/routes$family"
    ip $family rule show >"$DIR/rules$family"
  done
  while read -r address bridge; do
    case $address in *:*) family=-6 ;; *) family=-4 ;; esac
    free_address
    free_routes
    free_rules
  done <"$DIR/texts/$addresses"
}

free_address() {
  local link prefix
  awk -v OFS="$TAB" -v address="$address/" 'index($4, address) == 1 { print $2, $4 }' "$DIR/addresses" >"$DIR/own"
  while IFS=$TAB read -r link prefix; do
    case " $LOGIN " in
      *" $address "*) fail NSPAWN_STEP_FAILED "$address is a machine's, but it is on the host's $link, and this connection uses it; connect to another address of the host" ;;
    esac
    taken "addr add $(attributes_of "$link" "$prefix") dev $link"
    ip addr del "$prefix" dev "$link"
  done <"$DIR/own"
}

# An address as ip(8) wants it: without words that only tell its state.
attributes_of() { # LINK ADDRESS
  ip -o addr show dev "$1" to "$2" | awk -v address="$2" '$4 == address {
    line = $4
    for (i = 5; i <= NF && $i !~ /^\\/; i++) {
      if ($i ~ /^(peer|brd|scope|metric)$/) line = line " " $i " " $(++i)
      else if ($i == "noprefixroute") line = line " " $i
      else if ($3 == "inet" && $i ~ /:/) { sub(/\\.*/, "", $i); line = line " label " $i }
    }
    print line; exit }'
}

free_routes() {
  local route
  awk -v address="$address" -v bridge="$bridge" '
    { to = 1; if ($1 ~ /^[a-z]+$/) to = 2; sub(/\/(32|128)$/, "", $to) }
    $to == address && !(to == 1 && (bridge == "-" || ($2 == "dev" && $3 == bridge))) { print }' "$DIR/routes$family" |
    sed -e 's/ linkdown//' -e 's/ dead//' | while read -r route; do
    taken "$family route add $route"
    # shellcheck disable=SC2086 # words
    ip $family route del $route
  done
}

free_rules() {
  local preference rule
  awk -v address="$address" '/(blackhole|unreachable|prohibit)$/ { sub(":", "", $1); for (i = 2; i < NF; i++) if ($i == address) print }' "$DIR/rules$family" |
    while read -r preference rule; do
      taken "$family rule add pref $preference $rule"
      # shellcheck disable=SC2086 # words
      ip $family rule del pref "$preference" $rule
    done
}
