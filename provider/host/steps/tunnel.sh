# shellcheck shell=dash
# A bridge's tunnel to other hosts: a VXLAN link that networkd makes (systemd.netdev(5)), a port of the bridge.

is_tunnel_name() { case $1 in vx-[0-9]*) ;; *) return 1 ;; esac }
is_tunnel_of() { is_tunnel_name "$1" && grep -qsxF "Bridge=$2" "/etc/systemd/network/10-$1.network"; } # LINK BRIDGE

# Whether the kernel has VXLAN, found out where it changes nothing.
has_vxlan() { unshare --net ip link add vxlan0 type vxlan id 1 dstport 4789 2>/dev/null; }

# The MTU of the way to another host: of the route, where that has one, else of its link. Nothing where there is no way.
way_to() { # PEER ADDRESS
  local way link size
  way=$(ip -o route get "$1" from "$2" 2>/dev/null) || return 0
  link=$(printf '%s\n' "$way" | sed -n 's/.* dev \([^ ]*\).*/\1/p')
  size=$(printf '%s\n' "$way" | sed -n 's/.* mtu \([0-9]*\).*/\1/p')
  if [ -z "$size" ]; then size=$(cat "/sys/class/net/$link/mtu" 2>/dev/null) || return 0; fi
  case $way in local*) link=lo ;; esac
  printf '%s %s\n' "$link" "$size"
}

# Only the host knows its addresses, and how wide the ways from them are.
step_underlay() { # TEXT, a peer a line
  local link="$1" address="$2" port="$3" mtu="$4" peers="$5" wireguard="$6"
  local other overhead peer way
  if ! command -v ip >/dev/null; then return 0; fi
  has_vxlan || fail NSPAWN_KERNEL_FEATURE "the host's kernel has no VXLAN (module vxlan), which the bridge's vxlan needs"
  other=$(tunnels | awk -v link="$link" -v id="${link#vx-}" -v port="$port" '$1 != link && $2 == id && $4 == port { print $1; exit }')
  if [ -n "$other" ]; then
    fail NSPAWN_OWNED "VXLAN ${link#vx-} on UDP port $port is the link $other already, which was not made by this library; choose another vxlan: { id }"
  fi
  ip -o addr show scope global | awk '{ own = $4; sub("/.*", "", own); print own, $2 }' >"$DIR/own"
  if ! awk '{ print $1 }' "$DIR/own" | grep -qxF -e "$address"; then
    fail NSPAWN_INVALID_INPUT "$address is no address of this host, which has $(awk '{ printf "%s%s on %s", (NR > 1 ? ", " : ""), $1, $2 }' "$DIR/own"); give the bridge the one from which it reaches the others: vxlan: { underlay: \"…\" }"
  fi
  case $wireguard:$address in
    -:*:*) overhead=70 ;;
    -:*) overhead=50 ;;
    # The tunnel's packets are IPv6, whatever WireGuard's are.
    *:*:*) overhead=150 ;;
    *) overhead=130 ;;
  esac
  if [ "$wireguard" != - ]; then mesh_underlay "wg-${link#vx-}" "$wireguard"; fi
  while IFS= read -r peer; do
    way=$(way_to "$peer" "$address")
    case $way in
      "") fail NSPAWN_INVALID_INPUT "there is no way from $address to the peer $peer (ip route get $peer from $address)" ;;
      lo*) fail NSPAWN_INVALID_INPUT "the peer $peer is an address of this host itself; peers are the other hosts" ;;
    esac
    if [ "$wireguard" != - ]; then leaves_from "$peer" "$address"; fi
    if [ "$mtu" != - ] && [ "$((mtu + overhead))" -gt "${way#* }" ]; then
      fail NSPAWN_INVALID_INPUT "the bridge's MTU is $mtu, and packets to the peer $peer, by ${way% *}, have ${way#* } bytes at most, of which $(if [ "$wireguard" = - ]; then printf VXLAN; else printf 'VXLAN in WireGuard'; fi) takes $overhead: give the bridges of this network, on all hosts, mtu: $((${way#* } - overhead))"
    fi
  done <"$DIR/texts/$peers"
}

# Frames for all go to each of these: as our file for the link has them. networkd adds such entries and never takes one away.
NOBODY=00:00:00:00:00:00
# Where it leads to.
led_to() { # LINK
  bridge fdb show dev "$1" | awk -v mac="$NOBODY" '$1 == mac { for (i = 2; i < NF; i++) if ($i == "dst") print $(i + 1) }'
}
settle_peers() { # LINK
  local peer mac
  sed -n 's/^Destination=//p' "/etc/systemd/network/10-$1.network" >"$DIR/peers"
  led_to "$1" >"$DIR/peers.found"
  { grep -vxF -f "$DIR/peers" "$DIR/peers.found" || :; } | while IFS= read -r peer; do
    # With what was learnt to be behind it.
    bridge fdb show dev "$1" | awk -v peer="$peer" '{ for (i = 2; i < NF; i++) if ($i == "dst" && $(i + 1) == peer) print $1 }' |
      while IFS= read -r mac; do bridge fdb del "$mac" dev "$1" dst "$peer" self || :; done
  done
  { grep -vxF -f "$DIR/peers.found" "$DIR/peers" || :; } | while IFS= read -r peer; do
    bridge fdb append "$NOBODY" dev "$1" dst "$peer" self permanent
  done
}
leads_to_all() { # LINK
  sed -n 's/^Destination=//p' "/etc/systemd/network/10-$1.network" | sort >"$DIR/peers"
  led_to "$1" | sort | cmp -s - "$DIR/peers"
}

is_tunnel_port() { # LINK BRIDGE
  local port_state
  port_state=$(ip -d -o link show dev "$1" 2>/dev/null) || return 1
  case $port_state in
    *" master $2 "*) ;;
    *)
      ip link set dev "$1" master "$2" up
      return 1
      ;;
  esac
  case $port_state in *[\<,]UP[\>,]*) ;; *) ip link set dev "$1" up ;; esac
  case $port_state in *" isolated on "*) ;; *) return 1 ;; esac
  case $port_state in *" guard on "*) ;; *) return 1 ;; esac
  case $port_state in *" learning off "*) ;; *) return 1 ;; esac
}

step_tunnel() {
  local link="$1" bridge="$2" address="$3" port="$4" mtu="$5"
  # Both ends are given to a link when it is made, and networkd never changes them.
  if has_link "$link" && ! tunnels | grep -qxF -e "$link ${link#vx-} $address $port"; then ip link delete dev "$link"; fi
  if ! await 3 has_link "$link"; then
    systemctl restart systemd-networkd.service
    await 10 has_link "$link" || fail NSPAWN_STEP_FAILED "systemd-networkd did not make the tunnel $link; see journalctl -u systemd-networkd"
  fi
  if [ "$mtu" != - ]; then ip link set dev "$link" mtu "$mtu"; fi
  announce "$bridge"
  settle_link "$link" is_tunnel_port "$link" "$bridge"
  settle_peers "$link"
  await 5 leads_to_all "$link" || fail NSPAWN_STEP_FAILED "$link does not lead to all peers: $(bridge fdb show dev "$link" | head -n 8)"
}

# networkd leaves links alone whose files are gone.
drop_tunnel() { # PATH
  local link
  link=${1#/etc/systemd/network/10-} link=${link%.netdev}
  if has_link "$link"; then ip link delete dev "$link"; fi
}
