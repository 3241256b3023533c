# shellcheck shell=dash
# The uplink as a port of a bridge: the host's addresses move to the bridge, by whatever means it had got them.

# uplinks/<name>/: an uplink as it was before it became a port: bridge (whose port), boot (of which boot this tells),
# addresses (global ones, one a line), gateways, settings (kernel's), addr (a dump of ip), route4 and route6 (commands of ip).
UPLINKS=$LIBRARY/uplinks

is_uplink_of() { [ "$(cat "$UPLINKS/$1/bridge" 2>/dev/null)" = "$2" ]; }
is_port_by_file() { grep -qsxF "Bridge=$2" "/etc/systemd/network/05-$1.network"; }
globals_of() { ip -o addr show dev "$1" scope global | grep -v -e ' temporary' -e ' tentative' | awk '{ print $4 }'; }
gateways_of() { ip "$1" route show default dev "$2" 2>/dev/null | without_nexthops | sed -n 's/^default via \([^ ]*\).*/\1/p'; }

# Refused before anything is changed.
step_guard_uplink() {
  local uplink="$1" link="$2" foreign="$3"
  local master either
  has_link "$uplink" || fail NSPAWN_INVALID_INPUT "the host has no interface $uplink; it has $(ip -o link | awk -F': ' '{ print $2 }' | sed 's/@.*//' | tr '\n' ' ')"
  master=$(master_of "$uplink")
  case $master in "" | "$link") ;; *) fail NSPAWN_OWNED "$uplink is a port of $master already, so it cannot become one of $link" ;; esac
  if [ -e "/sys/class/net/$uplink/wireless" ]; then fail NSPAWN_INVALID_INPUT "$uplink is wireless, and a wireless interface cannot be a port of a bridge; use mode routed"; fi
  if [ "$foreign" = no ]; then
    for either in "$uplink" "$link"; do
      case " $(gateways_of -4 "$either" | tr '\n' ' ') $(gateways_of -6 "$either" | tr '\n' ' ') " in
        *" 172.31.1.1 "* | *" fe80::1 "*) fail NSPAWN_INVALID_INPUT "the uplink leads to a gateway of Hetzner (172.31.1.1, fe80::1), where servers are locked whose machines send with MAC addresses of their own; use mode routed, or allowForeignMacs: true where the network lets them pass" ;;
      esac
    done
  fi
  if [ -z "$master" ] && systemctl -q is-active NetworkManager.service; then
    case $(nmcli -g GENERAL.STATE device show "$uplink" 2>/dev/null || :) in
      "" | 10*) ;;
      *) fail NSPAWN_INVALID_INPUT "$uplink is configured by NetworkManager, which would fight for it; run nmcli device set $uplink managed no, and have it configured by ifupdown or systemd-networkd" ;;
    esac
  fi
}

step_enslave() {
  local uplink="$1" link="$2"
  close_later "$link"
  if ! is_uplink_of "$uplink" "$link"; then remember_uplink "$uplink" "$link"; fi
  keep_identity "$uplink" "$link"
  if [ "$(master_of "$uplink")" = "$link" ]; then
    step_settle
  else
    say "making $uplink a port of $link"
    become_port "$uplink" "$link"
  fi
  quiet_port "$uplink"
  if await 3 carries_all "$uplink" "$link"; then return 0; fi
  refuse_foreign "$uplink"
  refuse_foreign "$link"
  networkctl reconfigure "$link" || :
  await 20 carries_all "$uplink" "$link" || fail NSPAWN_STEP_FAILED "$link did not get what $uplink had ($(tr '\n' ' ' <"$UPLINKS/$uplink/addresses")and its default routes); it has $(globals_of "$link" | tr '\n' ' '): $(networkctl status --no-pager -n 5 "$link" 2>&1 | tail -n 8)"
}

# networkd does this the first time that a link becomes a port, and not when it was one before.
quiet_port() { # UPLINK
  local setting file
  for setting in accept_ra=0 addr_gen_mode=1; do
    file=/proc/sys/net/ipv6/conf/$1/${setting%=*}
    if [ -w "$file" ]; then echo "${setting#*=}" >"$file"; fi
  done
  ip -6 addr flush dev "$1" scope link || :
}

remember_uplink() {
  local kept family
  kept=$UPLINKS/$1
  mkdir -p "$UPLINKS"
  rm -rf "$kept" "$kept.new"
  mkdir -m 0700 "$kept.new"
  ip addr save dev "$1" >"$kept.new/addr"
  for family in 4 6; do
    route_commands "-$family" dev "$1" | sed -e '/ proto kernel /d' -e '/ multicast /d' -e "s/\$/ dev $1/" >"$kept.new/route$family" || :
  done
  globals_of "$1" >"$kept.new/addresses"
  for family in -4 -6; do gateways_of "$family" "$1"; done >"$kept.new/gateways"
  settings_of "$1" >"$kept.new/settings"
  cat /proc/sys/kernel/random/boot_id >"$kept.new/boot"
  printf '%s\n' "$2" >"$kept.new/bridge"
  mv -T "$kept.new" "$kept"
}

# What networkd sets for a port, and a search for duplicates, see become_port.
settings_of() {
  local name
  for name in accept_ra addr_gen_mode disable_ipv6 accept_dad; do grep -sH '' "/proc/sys/net/ipv6/conf/$1/$name" || :; done
}
restore_settings() { # UPLINK
  local file value
  while IFS=: read -r file value; do if [ -w "$file" ]; then echo "$value" >"$file" || :; fi; done <"$UPLINKS/$1/settings"
}

# What only the host knows. Written once: afterwards the uplink tells nothing of it any more.
keep_identity() { # UPLINK BRIDGE
  local from
  if [ ! -e "/etc/systemd/network/10-$2.netdev.d/00-uplink.conf" ]; then
    {
      header
      printf '[NetDev]\nMACAddress=%s\n' "$(cat "/sys/class/net/$1/address")"
    } >"$DIR/texts/identity"
    step_file "/etc/systemd/network/10-$2.netdev.d/00-uplink.conf" 0644 identity
  fi
  if [ ! -e "/etc/systemd/network/10-$2.network.d/00-uplink.conf" ]; then
    from=$1
    if [ "$(master_of "$1")" = "$2" ]; then from=$2; fi
    {
      header
      lease_identity "$1" "$from"
      address_tokens "$from"
      static_addresses "$from"
    } >"$DIR/texts/identity"
    step_file "/etc/systemd/network/10-$2.network.d/00-uplink.conf" 0644 identity
  fi
}
header() { printf '# Written by pulumi-nspawn on this host: what its uplink had.\n'; }

# The identity with which a DHCP server knows the host (RFC 4361): in hexadecimal; nothing if it goes by the MAC address.
client_id() { # UPLINK FROM
  local lease pid duid
  lease=/run/systemd/netif/leases/$(cat "/sys/class/net/$2/ifindex")
  if [ -r "$lease" ]; then
    sed -n 's/^CLIENTID=//p' "$lease"
    return 0
  fi
  for pid in $(clients_of "$1"); do
    duid=$(duid_of "$1" "$(tr '\0' ' ' <"/proc/$pid/cmdline")")
    # Both clients number an interface by the end of its MAC address.
    if [ -n "$duid" ]; then
      printf 'ff%s%s\n' "$(cut -d: -f 3-6 "/sys/class/net/$1/address" | tr -d :)" "$duid"
      return 0
    fi
  done
}
# In hexadecimal; nothing from a client that does not show it to servers.
duid_of() { # UPLINK COMMAND
  local duid
  case " $2" in
    *dhclient*" -i "*)
      duid=$(sed -n 's/^default-duid "\(.*\)";$/\1/p' "/var/lib/dhcp/dhclient.$1.leases" | tail -n 1)
      # Octal escapes of three digits, of which printf wants four.
      printf %b "$(printf %s "$duid" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g; s/\\"/"/g')" | od -An -v -tx1 | tr -d ' \n'
      ;;
    *dhcpcd*) if grep -qs '^duid' /etc/dhcpcd.conf; then tr -d ': \n' </var/lib/dhcpcd/duid; fi ;;
  esac
}

lease_identity() { # UPLINK FROM
  local id type known
  id=$(client_id "$1" "$2")
  case $id in
    ff????????000[1-4]*)
      type=$(printf %s "$id" | cut -c 11-14)
      case $type in 0001) type="link-layer-time" ;; 0002) type="vendor" ;; 0003) type="link-layer" ;; 0004) type="uuid" ;; esac
      known=$(printf 'IAID=%s\nDUIDType=%s\nDUIDRawData=%s' \
        "$((0x$(printf %s "$id" | cut -c 3-10)))" "$type" "$(printf %s "$id" | cut -c 15- | sed 's/../&:/g; s/:$//')")
      printf '[DHCPv4]\nClientIdentifier=duid\n%s\n[DHCPv6]\n%s\n' "$known" "$known"
      ;;
    *) printf '[DHCPv4]\nClientIdentifier=mac\n' ;;
  esac
}

# Advertisements give the first half of an address. The second is made of the MAC address by the kernel and networkd, of a
# secret by dhcpcd, by whatever its token says by networkd: what it was it stays.
address_tokens() { # LINK
  local half_of_mac a b c d e f half
  half_of_mac=$(tr : ' ' <"/sys/class/net/$1/address" | {
    read -r a b c d e f
    printf '%x:%x:%x:%x' "$((0x$a$b ^ 0x200))" "$((0x${c}ff))" "$((0xfe$d))" "$((0x$e$f))"
  })
  second_halves "$1" >"$DIR/halves"
  if [ "$(cat "$DIR/halves")" = "$half_of_mac" ] || [ ! -s "$DIR/halves" ]; then return 0; fi
  # The first line takes back what our other file says.
  printf '[IPv6AcceptRA]\nToken=\n'
  while IFS= read -r half; do
    if [ "$half" = "$half_of_mac" ]; then echo Token=eui64; else printf 'Token=static:::%s\n' "$half"; fi
  done <"$DIR/halves"
}
second_halves() { # LINK
  ip -o -6 addr show dev "$1" scope global dynamic | grep -v ' temporary' | awk '$4 ~ /\/64$/ { sub("/64", "", $4); print $4 }' |
    awk '{
      end = $0; sub(/.*::/, "", end)
      from = split(end, group, ":")
      out = ""
      for (i = 3; i >= 0; i--) out = out (out == "" ? "" : ":") (from - i < 1 ? "0" : group[from - i])
      print out
    }' | sort -u
}

# Addresses that no lease and no advertisement gave.
static_addresses() { # LINK
  local statics leased address
  statics=$(ip -o addr show dev "$1" scope global permanent | awk '{ print $4 }')
  leased=$(ip -o -4 addr show dev "$1" scope global dynamic)
  if [ -z "$leased" ] && [ -n "$(clients_of "$1")" ]; then
    # A lease without an end looks like a static address.
    leased=$({ sed -n 's/^ *fixed-address \(.*\);$/\1/p' "/var/lib/dhcp/dhclient.$1.leases" || dhcpcd -U "$1" | sed -n 's/^ip_address=//p'; } 2>/dev/null | tail -n 1)
    statics=$(printf '%s\n' "$statics" | grep -v "^$leased/" || :)
  fi
  printf '[Network]\n'
  if [ -z "$leased" ]; then printf 'DHCP=no\n'; fi
  if [ -z "$(ip -o -6 addr show dev "$1" scope global dynamic)$(ip -6 route show dev "$1" proto ra)" ]; then printf 'IPv6AcceptRA=no\n'; fi
  for address in $statics; do printf '[Address]\nAddress=%s\n' "$address"; done
  if [ -z "$leased" ]; then ip -4 route show dev "$1" | as_routes; fi
  ip -6 route show dev "$1" | as_routes
}
as_routes() {
  awk '/ proto (kernel|dhcp|ra)( |$)/ || /^(multicast|unreachable|blackhole|prohibit) / { next }
  {
    print "[Route]"
    if ($1 != "default") print "Destination=" $1
    for (i = 2; i < NF; i++) {
      if ($i == "via") print "Gateway=" $(i + 1)
      else if ($i == "metric") print "Metric=" $(i + 1)
      else if ($i == "src") print "PreferredSource=" $(i + 1)
      else if ($i == "scope") print "Scope=" $(i + 1)
    }
    if (/ onlink/) print "GatewayOnLink=yes"
  }'
}

# Clients that would go on configuring the uplink; those in machines have another network of their own.
clients_of() { # UPLINK
  local here cmdline process line
  here=$(readlink /proc/self/ns/net)
  # One look at all processes, those of machines among them; then at the few that may be one.
  for cmdline in $(grep -lsaE 'dhclient|dhcpcd|udhcpc' /proc/[0-9]*/cmdline || :); do
    process=${cmdline%/cmdline}
    if [ "$(readlink "$process/ns/net" 2>/dev/null || :)" != "$here" ]; then continue; fi
    line=" $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null || :)"
    # The text of a shell is no client. dhcpcd's processes have titles: "dhcpcd: eth0 [ip4]"; those without the link end with them.
    case ${line%% -c *} in
      *[/\ ]dhclient\ *" $1 "* | " dhcpcd: "*" $1 "* | " dhcpcd: $1 "* | *[/\ ]dhcpcd\ *" $1 "* | *[/\ ]udhcpc\ *" $1 "*) printf '%s\n' "${process#/proc/}" ;;
    esac
  done
}
is_dhcpcds() { # LINK
  local pid
  clients_of "$1" | while read -r pid; do
    tr '\0' ' ' <"/proc/$pid/cmdline"
    echo
  done | grep -q 'dhcpcd'
}
signal_clients() { # SIGNAL LINK
  local pid
  for pid in $(clients_of "$2"); do kill "-$1" "$pid" 2>/dev/null || :; done
}

# One quick change. Clients only stop: a rollback lets them go on. Without a search for duplicates of addresses that are
# the host's own, which would keep IPv6 away for seconds.
become_port() { # UPLINK BRIDGE
  case $CHANGED in
    *" systemd "*)
      verify_units
      systemctl daemon-reload
      forget_changed systemd
      ;;
  esac
  signal_clients STOP "$1"
  if ! has_link "$2"; then
    ip link add name "$2" address "$(cat "/sys/class/net/$1/address")" mtu "$(cat "/sys/class/net/$1/mtu")" type bridge stp_state 0 forward_delay 0
  fi
  duplicates 0 "$2"
  ip link set dev "$1" master "$2"
  ip link set dev "$2" up
  # Two IPv6 routes alike would become one over both links.
  ip -6 route flush dev "$1" || :
  step_settle
  await 20 carries_all "$1" "$2" || :
  leave_behind "$1"
  duplicates 1 "$2"
}
duplicates() { if [ -w "/proc/sys/net/ipv6/conf/$2/accept_dad" ]; then echo "$1" >"/proc/sys/net/ipv6/conf/$2/accept_dad"; fi; }
# networkd takes the addresses of a port away; routes that others made it leaves alone.
leave_behind() {
  local family
  ip addr flush dev "$1" scope global || :
  for family in -4 -6; do ip "$family" route flush dev "$1" || :; done
}

carries_all() { # UPLINK BRIDGE
  local address family gateway
  if [ "$(master_of "$1")" != "$2" ]; then return 1; fi
  globals_of "$2" >"$DIR/carried"
  while IFS= read -r address; do listed "$address" "$DIR/carried" || return 1; done <"$UPLINKS/$1/addresses"
  for family in -4 -6; do gateways_of "$family" "$2"; done >"$DIR/carried"
  while IFS= read -r gateway; do listed "$gateway" "$DIR/carried" || return 1; done <"$UPLINKS/$1/gateways"
}

# Part of the transaction, so that it happens whoever comes to its end: the program, the end of its unit, the next boot.
close_later() { if [ -n "$KEEP" ]; then printf '%s\n' "$1" >>"$KEEP/bridges"; fi; } # BRIDGE

# After the last moment at which everything could be put back.
close_uplinks() { # BRIDGE
  local kept name
  for kept in "$UPLINKS"/*/; do
    if [ ! -d "$kept" ]; then continue; fi
    name=$(basename "$kept")
    if ! is_uplink_of "$name" "$1"; then continue; fi
    if is_port_by_file "$name" "$1"; then end_clients "$name"; else rm -rf "${UPLINKS:?}/$name"; fi
  done
  rmdir "$UPLINKS" 2>/dev/null || :
}
# Nothing else configures the uplink any more.
end_clients() { # UPLINK
  signal_clients KILL "$1"
  if [ -e /run/network/ifstate ]; then
    sed -i "/^$1=/d" /run/network/ifstate
    rm -f "/run/network/ifstate.$1"
  fi
}

guest_addresses() { # MACHINE INTERFACE
  local leader
  leader=$(machinectl show "$1" -p Leader --value) || return 0
  nsenter -t "$leader" -n ip -o addr show dev "$2" scope global | grep -v -e ' temporary' -e ' tentative' | awk '{ sub("/.*", "", $4); print $4 }'
}
has_lan_addresses() { # MACHINE INTERFACE
  guest_addresses "$1" "$2" >"$DIR/guest.addresses" 2>/dev/null
  grep -q '[.]' "$DIR/guest.addresses" && grep -q : "$DIR/guest.addresses"
}
# A machine is running before the LAN has answered it; a LAN of one family is no failure.
step_await_lan() {
  local machine="$1" inside="$2"
  if [ "$FAILED" = soft ]; then return 0; fi
  say "waiting for addresses of the network"
  await 15 has_lan_addresses "$machine" "$inside" || [ -s "$DIR/guest.addresses" ] || warn "the machine $machine has got no address on $inside yet; see journalctl -M $machine -u systemd-networkd"
}

has_ipv4() { # MACHINE INTERFACE
  guest_addresses "$1" "$2" >"$DIR/guest.addresses" 2>/dev/null
  grep -q '[.]' "$DIR/guest.addresses"
}
has_leased() { # MACHINE INTERFACE ADDRESS
  guest_addresses "$1" "$2" 2>/dev/null | grep -qxF -e "$3"
}
# The bridge's DHCP server has another address for a machine that keeps its lease until it renews it. Its client asks anew when the
# carrier comes back.
step_await_lease() {
  local machine="$1" inside="$2" port="$3" address="$4"
  if [ "$FAILED" = soft ]; then return 0; fi
  say "waiting for its address"
  await 10 has_ipv4 "$machine" "$inside" || :
  if await 2 has_leased "$machine" "$inside" "$address"; then return 0; fi
  if has_link "$port"; then
    ip link set dev "$port" down
    sleep 1
    ip link set dev "$port" up || :
  fi
  await 15 has_leased "$machine" "$inside" "$address" || warn "the machine $machine has not got $address on $inside yet; see journalctl -M $machine -u systemd-networkd"
}

# An uplink that is a port of this bridge no more goes back to what configures it without us.
step_hand_back() {
  local link="$1"
  local kept name back
  close_later "$link"
  for kept in "$UPLINKS"/*/; do
    if [ ! -d "$kept" ]; then continue; fi
    name=$(basename "$kept")
    if ! is_uplink_of "$name" "$link" || is_port_by_file "$name" "$link"; then continue; fi
    say "giving $name back its own configuration"
    if has_link "$name"; then return_uplink "$name" "$link"; fi
    back=yes
    await 30 is_back "$name" || back=no
    restore_settings "$name"
    [ "$back" = yes ] || fail NSPAWN_STEP_FAILED "$name did not get its addresses back ($(tr '\n' ' ' <"$kept/gateways")are its routers); see systemctl status networking systemd-networkd"
  done
}

return_uplink() { # UPLINK BRIDGE
  local seconds
  ip link set dev "$1" nomaster
  if [ ! -e "/etc/systemd/network/10-$2.netdev" ] && has_link "$2"; then ip link delete dev "$2"; fi
  restore_settings "$1"
  if command -v ifquery >/dev/null && ifquery "$1" >/dev/null 2>&1; then
    come_up "$1"
    lasting ifup --force "$1" || :
  elif is_managed "$1"; then
    # networkd took it when it read the files. Asked while it takes a lease, it may lose the address, and not know.
    for seconds in 5 10; do
      if await "$seconds" is_back "$1"; then return 0; fi
      networkctl reconfigure "$1" || :
    done
  else
    come_up "$1"
  fi
}
# A link that comes up asks for a router at once.
come_up() { # UPLINK
  ip link set dev "$1" down
  duplicates 0 "$1"
  ip link set dev "$1" up
}
is_managed() { case $(networkctl list --no-legend --no-pager "$1" 2>/dev/null | awk '{ print $NF }') in "" | unmanaged) return 1 ;; esac }
# The client that a command leaves behind must not end with this program.
lasting() { if [ -d /run/systemd/system ]; then run systemd-run --quiet --scope "$@"; else run "$@"; fi; }

is_back() {
  local family gateway
  for family in -4 -6; do gateways_of "$family" "$1"; done >"$DIR/carried"
  while IFS= read -r gateway; do listed "$gateway" "$DIR/carried" || return 1; done <"$UPLINKS/$1/gateways"
}

# For the rollback, when the files stand as before and networkd has read them.
undo_uplinks() {
  local kept name port_of
  for kept in "$UPLINKS"/*/; do
    if [ ! -d "$kept" ]; then continue; fi
    name=$(basename "$kept") port_of=$(cat "$kept/bridge")
    if is_port_by_file "$name" "$port_of"; then rollback_removal "$name" "$port_of"; else rollback_transparent "$name" "$port_of"; fi
  done
}

# Out of the bridge again, with the addresses and routes of before.
rollback_transparent() { # UPLINK BRIDGE
  local kept
  kept=$UPLINKS/$1
  ip link set dev "$1" nomaster
  if [ ! -e "/etc/systemd/network/10-$2.netdev" ] && has_link "$2"; then ip link delete dev "$2"; fi
  ip link set dev "$1" up
  if [ "$(cat "$kept/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
    restore_settings "$1"
    duplicates 0 "$1"
    # An address that is still there would come back without its route.
    ip addr flush dev "$1" || :
    ip addr restore <"$kept/addr" || :
    restore_routes -4 "$kept/route4"
    # A link-local address that comes asks for a router, and what that says is better than what it said before.
    await 3 is_back "$1" || restore_routes -6 "$kept/route6"
    restore_settings "$1"
  fi
  resume_clients "$1"
  rm -rf "$kept"
  rmdir "$UPLINKS" 2>/dev/null || :
}

# dhcpcd takes the end of a port for the end of its link, and removes what it had given it: a new one takes its place.
resume_clients() { # UPLINK
  if ! is_dhcpcds "$1"; then
    signal_clients CONT "$1"
    return
  fi
  signal_clients KILL "$1"
  start_client "$1"
}

# By whatever starts it at boot. dhcpcd(8) without a lease, because a server is slow or was told that the address is taken, would
# give the link an IPv4LL address (RFC 3927), whose default route takes the place of the one that was put back by hand. It is
# started without that, and reads its own settings again when it is asked to.
start_client() { # UPLINK
  local settings=/etc/dhcpcd.conf bound=no
  if [ -f "$settings" ] && { echo noipv4ll && cat "$settings"; } >"$DIR/dhcpcd.conf" && mount --bind "$DIR/dhcpcd.conf" "$settings"; then bound=yes; fi
  begin_client "$1"
  if [ "$bound" = yes ]; then umount -l "$settings"; fi
}
begin_client() { # UPLINK
  if command -v ifquery >/dev/null && ifquery "$1" >/dev/null 2>&1; then
    lasting ifup --force "$1" || :
  elif systemctl -q is-active dhcpcd.service; then
    systemctl restart dhcpcd.service
  else
    lasting dhcpcd "$1" || :
  fi
}

# A port again, or still: what had taken over the uplink meanwhile ends. At boot nobody has yet, and networkd makes it one.
rollback_removal() { # UPLINK BRIDGE
  if [ "$MODE" = boot ]; then return 0; fi
  end_clients "$1"
  if [ "$(master_of "$1")" != "$2" ] || ! carries_all "$1" "$2"; then become_port "$1" "$2"; fi
}
