# shellcheck shell=dash
# Links, addresses and routes: all are networkd's; here they are only waited for.

# dhcpcd that was given no link configures each that comes, cables of machines too: who is at the other end could give the host
# a lease, and a default route with it. Bridges it leaves alone by itself.
refuse_roaming_dhcpcd() {
  if ! dhcpcd_roams; then return 0; fi
  if listed 'v*' "$DIR/denied" || listed 'v[be]-*' "$DIR/denied" || { listed 'vb-*' "$DIR/denied" && listed 've-*' "$DIR/denied"; }; then return 0; fi
  fail NSPAWN_OVERRIDDEN "dhcpcd configures every link of the host, cables of machines too, and would take the lease of whoever is in one; add the line 'denyinterfaces vb-* ve-*' to /etc/dhcpcd.conf, let it be read (dhcpcd -n), and run up again"
}
# Whether it configures any link that it is not denied.
dhcpcd_roams() {
  if ! systemctl -q is-active dhcpcd.service 2>/dev/null &&
    ! grep -qsaE '^dhcpcd: [[](manager|master)[]]' /proc/[0-9]*/cmdline; then return 1; fi
  if grep -qs '^[[:space:]]*allowinterfaces[[:space:]]' /etc/dhcpcd.conf; then return 1; fi
  sed -n 's/^[[:space:]]*denyinterfaces//p' /etc/dhcpcd.conf 2>/dev/null | tr -s ', \t' '\n' >"$DIR/denied"
}

# Nobody else has links of the macvlan's names, or takes a lease on them.
step_guard_macvlan() {
  local macvlan="$1"
  if dhcpcd_roams && ! listed 'mv-*' "$DIR/denied" && ! listed "$macvlan*" "$DIR/denied"; then
    fail NSPAWN_OVERRIDDEN "dhcpcd configures every link of the host, $macvlan too, and would take the lease of a machine there; add the line 'denyinterfaces $macvlan*' to /etc/dhcpcd.conf, let it be read (dhcpcd -n), and run up again"
  fi
  step_guard_link "$macvlan" "/etc/systemd/network/10-$macvlan.netdev"
  step_guard_link "$macvlan-v1" "/etc/systemd/network/10-$macvlan-v1.netdev"
  step_guard_link "$macvlan-v2" "/etc/systemd/network/10-$macvlan-v2.network"
}

step_guard_link() {
  local link="$1" path="$2"
  local list other choice
  choice="bridge name"
  if is_tunnel_name "$link" || is_mesh_name "$link"; then choice="vxlan: { id }"; fi
  refuse_roaming_dhcpcd
  if listed "$path" "$MINE/files" || [ "$ADOPT" = yes ]; then return 0; fi
  if ip link show dev "$link" >/dev/null 2>&1; then
    for list in $(grep -lxF -e "$path" "$OWNERS"/*/files 2>/dev/null || :); do
      other=$(owner_in "${list%/files}")
      fail NSPAWN_OWNED "the interface $link belongs to $other; choose another $choice, or set adopt: true to take it over$(alias_of "$other")"
    done
    fail NSPAWN_OWNED "the interface $link exists and was not made by this library; choose another $choice, or set adopt: true"
  fi
}

# iproute2 6.1 on a newer libc than its own (Debian 12 with packages of 13) cuts destinations off after 31 characters: what is
# read would be wrong, and what a rollback puts back. Where no route leads there, nothing is shown that could tell.
whole_addresses() {
  local long shown
  long=2001:db8:1111:1111:1111:1111:1111:1111
  shown=$(ip -6 -o route get "$long" 2>/dev/null) || return 0
  case $shown in *"$long "*) return 0 ;; esac
  fail NSPAWN_STEP_FAILED "the host's ip(8), $(ip -V 2>/dev/null), cuts IPv6 addresses off, because its libc is of a newer release; upgrade iproute2 too (apt-get install iproute2), and run up again; nothing was changed"
}

has_address() { ip -o addr show dev "$1" 2>/dev/null | grep -qF -e " $2 "; }
# Through this gateway, or on the link itself (-): the one of before may be there still, and leads to who had the address.
has_route() { # LINK DESTINATION GATEWAY
  local family
  case $2 in *:*) family=-6 ;; *) family=-4 ;; esac
  ip $family route show dev "$1" 2>/dev/null | awk -v to="$2" -v gateway="$3" '
    { via = "-"; for (i = 2; i < NF; i++) if ($i == "via") via = $(i + 1) == "inet6" ? $(i + 2) : $(i + 1) }
    via == gateway && ($1 == to || $1 "/32" == to || $1 "/128" == to) { found = 1 }
    END { exit !found }'
}

# Commands of ip(8) that make routes again. A dump would forget when they expire, and could not be read back where they
# share a nexthop, as networkd's do since systemd 256. To prepend is to add beside what there is, as a restored dump does.
route_commands() { # FAMILY SELECTOR…
  local routes_of
  routes_of=$1
  shift
  ip -o "$routes_of" route show "$@" 2>/dev/null | without_nexthops |
    sed -e 's/\\//g' -e 's/ expires \([0-9]*\)sec/ expires \1/' -e 's/ linkdown//g' -e 's/ dead//g' -e 's/ error -[0-9]*//' -e 's/^/route prepend /'
}
# Twice: the way to a router is a route itself.
restore_routes() { # FAMILY FILE
  local pass
  # shellcheck disable=SC2034 # for another file
  for pass in 1 2; do ip -force "$1" -batch "$2" 2>/dev/null || :; done
}
# The number of a nexthop is another one whenever it is made.
without_nexthops() { sed -e 's/ nhid [0-9]*//'; }

# networkd brings back by itself what its files say when they change; after a change by hand, of the kernel or of files
# of others, it has to be asked.
reconfigure() {
  networkctl reload || :
  networkctl reconfigure "$1" || :
}
# A machine's own cable goes with the machine; what became of that is told by those that wait for it.
left_with_machine() { case $1 in ve-*) ! has_link "$1" ;; *) return 1 ;; esac }
settle_link() { # LINK COMMAND…
  local link soon
  link=$1
  shift
  if left_with_machine "$link"; then return 0; fi
  case $CHANGED in *" networkd"*) soon=2 ;; *) soon=0 ;; esac
  if await "$soon" or_foreign "$link" "$@"; then
    refuse_foreign "$link"
    return 0
  fi
  reconfigure "$link"
  if await 15 or_foreign "$link" "$@"; then
    refuse_foreign "$link"
    return 0
  fi
  left_with_machine "$link" || fail NSPAWN_STEP_FAILED "systemd-networkd did not bring up $3 on $link: $(networkctl status --no-pager -n 5 "$link" 2>&1 | tail -n 8)"
}

# Of all files that fit a link networkd reads the first by name, and says itself which one that is (sd-network(3)).
foreign_file() { # LINK
  local index
  index=$(cat "/sys/class/net/$1/ifindex" 2>/dev/null) || return 1
  READ_FILE=$(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/$index" 2>/dev/null) || return 1
  OUR_FILE=10-$1.network
  if [ -e "/etc/systemd/network/05-$1.network" ]; then OUR_FILE=05-$1.network; fi
  # Without a file of ours any other is right, and one that sorts behind it is read no longer than until networkd knows ours.
  [ -n "$READ_FILE" ] && [ -e "/etc/systemd/network/$OUR_FILE" ] && [ "${READ_FILE##*/}" != "$OUR_FILE" ] &&
    [ "$(printf '%s\n' "${READ_FILE##*/}" "$OUR_FILE" | sort | head -n 1)" != "$OUR_FILE" ]
}
or_foreign() { # LINK COMMAND…
  local foreign_link
  foreign_link=$1
  shift
  "$@" || foreign_file "$foreign_link"
}
refuse_foreign() { # LINK
  if ! foreign_file "$1"; then return 0; fi
  fail NSPAWN_OVERRIDDEN "systemd-networkd reads $READ_FILE for $1 instead of our $OUR_FILE: its name sorts before, and its [Match] fits; let it match less (Name= of its own link, or Kind=!* beside Type=ether), or rename it to 90-${READ_FILE##*/}, and run up again"
}
# The bridge is ours alone, and so are its addresses; a machine's cable too.
step_only_addresses() { # LINK TEXT, an address a line
  local link="$1" addresses="$2"
  local address
  if left_with_machine "$link"; then return 0; fi
  ip -o addr show dev "$link" | awk '{ print $4 }' >"$DIR/addresses"
  while IFS= read -r address; do
    if ! listed "$address" "$DIR/texts/$addresses"; then ip addr del "$address" dev "$link"; fi
  done <"$DIR/addresses"
}

# Rules for what comes in by one link, as ip(8) tells them.
told_rules() { ip -4 rule show 2>/dev/null | awk '{ for (i = 2; i < NF; i++) if ($i == "iif") { print; next } }' | sed -e 's/:[[:space:]]*/ /' -e 's/ \[detached\]//'; }
# Without what says nothing: whoever made it, and the table of one that asks none (networkd gives it one).
short_rules() { sed -e 's/ from all / /' -e 's/ proto [^ ]*//' -e 's/ lookup [^ ]* \(unreachable\|prohibit\|blackhole\)/ \1/'; }
link_rules() { told_rules | short_rules; }
has_rule() { link_rules | grep -qxF -e "$2"; } # LINK RULE
# What comes in by a link goes by these rules alone.
step_only_rules() { # LINK TEXT, a rule a line
  local link="$1" rules="$2"
  local rule short
  while IFS= read -r rule; do settle_link "$link" has_rule "$link" "$rule"; done <"$DIR/texts/$rules"
  told_rules | grep -F -e " iif $link " >"$DIR/rules" || :
  cp "$DIR/texts/$rules" "$DIR/rules.missing"
  while IFS= read -r rule; do
    short=$(printf '%s\n' "$rule" | short_rules)
    if listed "$short" "$DIR/rules.missing"; then
      unlist "$short" "$DIR/rules.missing"
      continue
    fi
    # shellcheck disable=SC2086 # words
    ip -4 rule del pref $rule
  done <"$DIR/rules"
}

step_await_address() {
  local link="$1" address="$2"
  settle_link "$link" has_address "$link" "$address"
}
has_neighbour() { ip neigh show dev "$1" nud permanent 2>/dev/null | awk -v address="$2" -v mac="$3" '$1 == address && $3 == mac { found = 1 } END { exit !found }'; }
step_await_neighbour() {
  local link="$1" address="$2" mac="$3"
  settle_link "$link" has_neighbour "$link" "$address" "$mac"
}
step_await_route() {
  local link="$1" destination="$2" gateway="$3"
  settle_link "$link" has_route "$link" "$destination" "$gateway"
}

# A machine that has started anew may have another MAC address: what the host has learnt of the one before would lead
# there for half a minute. It is forgotten, and asked for, and up is done when it has been answered.
step_await_answer() {
  local link="$1" address="$2"
  if [ "$FAILED" = soft ] || ! has_link "$link"; then return 0; fi
  ip neigh del "$address" dev "$link" 2>/dev/null || :
  ip neigh replace "$address" dev "$link" use 2>/dev/null || return 0
  say "waiting until it answers"
  await 20 is_answered "$link" "$address" || warn "the machine does not answer for $address on $link: is that address configured in it (networkctl status host0 in the machine)?"
}
is_answered() { # LINK ADDRESS
  case $(ip neigh show to "$2" dev "$1") in
    *lladdr*) return 0 ;;
    *INCOMPLETE*) return 1 ;;
  esac
  ip neigh replace "$2" dev "$1" use 2>/dev/null || :
  return 1
}

# A bridge that was made anew has lost its ports.
step_port() { # HOW: - on a bridge that protects nobody
  local port="$1" link="$2" how="$3" mac="$4"
  if [ "$FAILED" = soft ] || ! has_link "$port"; then return 0; fi
  refuse_foreign "$port"
  if [ "$how" = - ]; then
    if ip -o link show dev "$port" | grep -q " master $link "; then return 0; fi
    # A machine that ends just now takes its port along; that is told when it is waited for.
    ip link set dev "$port" master "$link" up || ! has_link "$port"
    return
  fi
  if await 2 or_foreign "$port" is_protected "$port" "$link" "$how" "$mac" || ! has_link "$port"; then
    refuse_foreign "$port"
    return 0
  fi
  # Changed by hand: networkd does what its files say when it is asked to.
  announce "$link"
  reconfigure "$port"
  if await 15 or_foreign "$port" is_protected "$port" "$link" "$how" "$mac"; then
    refuse_foreign "$port"
    return 0
  fi
  ! has_link "$port" || fail NSPAWN_STEP_FAILED "systemd-networkd did not isolate the port $port: $(networkctl status --no-pager -n 5 "$port" 2>&1 | tail -n 8)"
}

is_protected() { # PORT LINK isolated|guarded MAC
  local port_state
  port_state=$(ip -d -o link show dev "$1" 2>/dev/null) || return 1
  case $port_state in
    *" master $2 "*) ;;
    *)
      ip link set dev "$1" master "$2" up
      return 1
      ;;
  esac
  case $port_state in *" guard on "*) ;; *) return 1 ;; esac
  case $port_state in *" learning off "*) ;; *) return 1 ;; esac
  case $port_state in *" flood off "*) ;; *) return 1 ;; esac
  case $3:$port_state in isolated:*" isolated on "* | guarded:*) ;; *) return 1 ;; esac
  if bridge fdb show br "$2" brport "$1" | grep -qE "^$4 .*(permanent|static)"; then return 0; fi
  # As the machine's unit does it.
  if [ "$3" = guarded ]; then bridge fdb replace "$4" dev "$1" master static sticky; fi
  return 1
}

# Of a bridge that it did not make itself, networkd 252 sets no port until the kernel has said something about it.
announce() { ip link set dev "$1" alias "$1" && ip link set dev "$1" alias ""; }

has_link() { ip link show dev "$1" >/dev/null 2>&1; }
master_of() { ip -o link show dev "$1" 2>/dev/null | sed -n 's/.* master \([^ ]*\) .*/\1/p'; }
step_bridge_up() {
  local link="$1" mtu="$2"
  if ! await 3 has_link "$link"; then
    # Deleted by hand: networkd makes a netdev of unchanged files again only when it starts.
    systemctl restart systemd-networkd.service
    await 10 has_link "$link" || fail NSPAWN_STEP_FAILED "systemd-networkd did not make the bridge $link; see journalctl -u systemd-networkd"
  fi
  if ! ip link show dev "$link" | grep -q '[<,]UP[,>]'; then ip link set dev "$link" up; fi
  if [ "$mtu" != - ]; then
    ip link set dev "$link" mtu "$mtu"
  elif had '^MTUBytes=' "10-$link.netdev"; then
    # networkd leaves a size alone that is not wanted any more.
    ip link set dev "$link" mtu 1500
  fi
  if had '^\[RoutingPolicyRule\]' "10-$link.network" && ! grep -qs '^\[RoutingPolicyRule\]' "/etc/systemd/network/10-$link.network"; then
    drop_rules "$link"
  fi
  snooping "$link" "/etc/systemd/network/10-$link.netdev"
  announce "$link"
}
# Whether a file of networkd's had a line before this change.
had() { [ -n "$KEEP" ] && grep -qs -e "$1" "$KEEP/before/etc/systemd/network/$2"; } # PATTERN FILE

# networkd gives a bridge this when it makes it, and never again.
snooping() { # LINK NETDEV
  local snooping now
  if grep -qs '^MulticastSnooping=no' "$2"; then snooping=0; else snooping=1; fi
  now=$(cat "/sys/class/net/$1/bridge/multicast_snooping" 2>/dev/null) || return 0
  # Without a word in our files it is what it is, unless they had one.
  if [ "$now" = "$snooping" ] || { [ "$snooping" = 1 ] && ! grep -qs '^MulticastSnooping=no' "$KEEP/before$2"; }; then return 0; fi
  taken "link set dev $1 type bridge mcast_snooping $now"
  ip link set dev "$1" type bridge mcast_snooping "$snooping"
}

# A macvlan on one end of a veth pair, whose other end is a port of the bridge.
step_wired() {
  local bridge="$1" macvlan="$2" mtu="$3"
  local end
  if ! await 3 has_wired "$macvlan"; then
    # As in bridge_up.
    systemctl restart systemd-networkd.service
    await 10 has_wired "$macvlan" || fail NSPAWN_STEP_FAILED "systemd-networkd did not make the macvlan $macvlan and its veth pair; see journalctl -u systemd-networkd"
  fi
  for end in "$macvlan-v1" "$macvlan-v2" "$macvlan"; do
    if [ "$mtu" != - ]; then
      ip link set dev "$end" mtu "$mtu"
    elif had '^MTUBytes=' "10-$macvlan.netdev"; then
      ip link set dev "$end" mtu 1500
    fi
  done
  # To a bridge that was there before networkd had a file of it, it attaches nothing until it starts.
  if ! await 3 is_wired "$macvlan-v1" "$bridge" "$macvlan"; then systemctl restart systemd-networkd.service; fi
  for end in "$macvlan-v1" "$macvlan-v2" "$macvlan"; do
    settle_link "$end" is_wired "$end" "$bridge" "$macvlan"
  done
}
has_wired() { has_link "$1-v1" && has_link "$1-v2" && has_link "$1"; } # MACVLAN
# One of them is up, in its place, and configured by networkd.
is_wired() { # LINK BRIDGE MACVLAN
  ip link show dev "$1" 2>/dev/null | grep -q '[<,]UP[,>]' || return 1
  managed "$1" || return 1
  case $1 in
    "$3-v1") ip -o link show dev "$1" | grep -q " master $2 " ;;
    "$3") ip -o link show dev "$1" | grep -q "^[0-9]*: $3@$3-v2:" ;;
  esac
}

# With its port goes the whole pair, and the macvlans on it.
drop_wired() { # NETDEV, a file of networkd's
  local pair
  grep -qsx 'Kind=veth' "$1" || return 0
  pair=${1#/etc/systemd/network/10-} pair=${pair%.netdev}
  if has_link "$pair"; then ip link delete dev "$pair"; fi
}

# Of a cable that is there already, networkd says its size when it next configures it.
step_link_size() {
  local link="$1" mtu="$2"
  if [ "$FAILED" = soft ] || ! has_link "$link"; then return 0; fi
  ip link set dev "$link" mtu "$mtu" || ! has_link "$link"
}

step_drop_link() {
  local key="$1" link="$2"
  local uplink ports port file
  if [ ! -d "$OWNERS/$key" ]; then
    left_to_others "the bridge $link" "/etc/systemd/network/10-$link.netdev" files
    return 0
  fi
  as_owner "$OWNERS/$key"
  taint
  # Another owner may have taken it over.
  if ! listed "/etc/systemd/network/10-$link.netdev" "$MINE/files" || ! has_link "$link"; then return 0; fi
  uplink="" ports=""
  for port in $(ip -o link show master "$link" | awk -F'[@:] *' '{ print $2 }'); do
    if is_uplink_of "$port" "$link"; then
      uplink=$port
    elif is_tunnel_of "$port" "$link"; then
      continue
    elif listed "/etc/systemd/network/10-$port.netdev" "$MINE/files"; then
      # Of its own macvlan, on which machines have no port that could be seen here.
      for file in /etc/systemd/nspawn/*.nspawn; do
        if ! grep -qsE "^MACVLAN=${port%-v1}(:|\$)" "$file"; then continue; fi
        file=${file##*/} ports="$ports ${file%.nspawn}"
      done
    else
      ports="$ports $port"
    fi
  done
  # Machines with cables of their own.
  for file in /etc/systemd/network/10-ve-*.network.d/"$link".conf; do
    if [ -e "$file" ]; then port=${file#*/10-} ports="$ports ${port%%.network*}"; fi
  done
  if [ -n "$ports" ]; then fail NSPAWN_OWNED "$link is still used by$ports; remove the machines on it first"; fi
  while IFS= read -r file; do case $file in *.netdev) drop_wired "$file" ;; esac done <"$MINE/files"
  # With the uplink in it, it goes when that has been handed back.
  if [ -z "$uplink" ]; then ip link delete dev "$link"; fi
  drop_rules "$link"
}
# networkd leaves those behind that its file had for what comes in by a link. Others may have told it of more.
drop_rules() { # LINK
  local rule
  told_rules | grep -F -e " iif $1 " | grep -e '^100[01] .* proto static$' | while IFS= read -r rule; do
    # shellcheck disable=SC2086 # words
    ip -4 rule del pref $rule
  done || :
}
