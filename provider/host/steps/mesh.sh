# shellcheck shell=dash
# WireGuard between the hosts of a tunnel: a link that networkd makes (systemd.netdev(5)), with a key that the host made. No secret
# is ever a word of a command: wg(8) reads it from its file.

WG_KEY=/etc/pulumi-nspawn/wireguard.key
is_mesh_name() { case $1 in wg-[0-9]*) ;; *) return 1 ;; esac }
public_key() { wg pubkey <"$WG_KEY" 2>/dev/null || :; }

# Once in the life of the host: it is what the others know it by.
step_wireguard_key() {
  local path="$1"
  local new equal
  command -v wg >/dev/null || fail NSPAWN_STEP_FAILED "the host has no wg(8), which wireguard-tools brings"
  equal=no
  if [ -f "$path" ] && [ ! -L "$path" ] && [ -n "$(public_key)" ]; then equal=yes; fi
  claim_path "$path" "$equal"
  if [ "$equal" = no ]; then
    say "making a key for WireGuard"
    make_directory "${path%/*}"
    rm -f "${path%/*}"/.pulumi-nspawn.??????
    new=$(mktemp "${path%/*}/.pulumi-nspawn.XXXXXX")
    wg genkey >"$new"
    sync "$new"
    mv -fT "$new" "$path"
  fi
  chown root:systemd-network "$path"
  chmod 0640 "$path"
}

# Whether the kernel has WireGuard, found out where it changes nothing.
has_wireguard() { unshare --net ip link add wg0 type wireguard 2>/dev/null; }

# Before anything is changed. A program of the host's administrator may make the link where the kernel can not.
mesh_underlay() { # LINK PORT
  has_wireguard || command -v wireguard-go >/dev/null || no_wireguard
  [ -n "$(public_key)" ] || fail NSPAWN_INVALID_INPUT "the host has no key for WireGuard, which the bridge's vxlan: { encrypt } needs; give its NspawnHost wireguard: true"
  if [ "$(wg show "$1" listen-port 2>/dev/null)" != "$2" ] && ss -Hlun "sport = :$2" | grep -q .; then
    fail NSPAWN_INVALID_INPUT "UDP port $2 of the host is another program's (ss -lunp 'sport = :$2'); give the bridges of this network, on all hosts, vxlan: { wireguardPort } of a port that is free"
  fi
}
no_wireguard() {
  fail NSPAWN_KERNEL_FEATURE "the host's kernel, $(uname -r), has no WireGuard (module wireguard), which the bridge's vxlan: { encrypt } needs; Debian's kernels have it (linux-image-amd64), those of containers and some providers' own do not"
}

# WireGuard sends from the address that the route says, and the others take packets from the one that they were told.
leaves_from() { # PEER ADDRESS
  local from
  from=$(ip -o route get "$1" 2>/dev/null | sed -n 's/.* src \([^ ]*\).*/\1/p')
  if [ -z "$from" ] || [ "$from" = "$2" ]; then return 0; fi
  fail NSPAWN_INVALID_INPUT "packets to the peer $1 leave from $from, not from $2 (ip route get $1), and WireGuard sends from there: give vxlan: { underlay: \"$from\" }, and the others this address as their peer's"
}

# Our file's peers, a line each: key, addresses, endpoint.
wanted_mesh() { # LINK
  awk '
    function tell() { if (key != "") print key, addresses, endpoint; key = "" }
    /^\[/ { tell() }
    sub(/^PublicKey=/, "") { key = $0 }
    sub(/^AllowedIPs=/, "") { addresses = $0 }
    sub(/^Endpoint=/, "") { endpoint = $0 }
    END { tell() }' "/etc/systemd/network/10-$1.netdev"
}
mesh_port() { # LINK
  sed -n 's/^ListenPort=//p' "/etc/systemd/network/10-$1.netdev"
}
leads_to_mesh() { # LINK
  wanted_mesh "$1" | cut -d ' ' -f 1,2 | sort >"$DIR/mesh"
  wg show "$1" allowed-ips 2>/dev/null | tr "$TAB" ' ' | sort | cmp -s - "$DIR/mesh"
}
# Of a link that is there networkd changes nothing.
settle_mesh() { # LINK
  local key addresses endpoint
  if [ "$(wg show "$1" listen-port)" != "$(mesh_port "$1")" ]; then wg set "$1" listen-port "$(mesh_port "$1")"; fi
  if [ "$(wg show "$1" public-key)" != "$(public_key)" ]; then wg set "$1" private-key "$WG_KEY"; fi
  wanted_mesh "$1" >"$DIR/mesh.wanted"
  wg show "$1" peers | while IFS= read -r key; do
    if ! grep -qF -e "$key " "$DIR/mesh.wanted"; then wg set "$1" peer "$key" remove; fi
  done
  while read -r key addresses endpoint; do
    wg set "$1" peer "$key" preshared-key /dev/null endpoint "$endpoint" allowed-ips "$addresses"
  done <"$DIR/mesh.wanted"
}

is_mesh() { wg show "$1" listen-port >/dev/null 2>&1; }
is_in_mesh() { # LINK ADDRESS
  ip -o link show dev "$1" 2>/dev/null | grep -q '[<,]UP[,>]' || return 1
  has_address "$1" "$2"
}

step_mesh() {
  local link="$1" address="$2" port="$3" mtu="$4"
  if ! await 3 has_link "$link"; then
    systemctl restart systemd-networkd.service
    if ! await 10 has_link "$link"; then
      has_wireguard || no_wireguard
      fail NSPAWN_STEP_FAILED "systemd-networkd did not make the link $link; see journalctl -u systemd-networkd"
    fi
  fi
  if ! await 3 is_mesh "$link"; then fail NSPAWN_STEP_FAILED "$link is no link of WireGuard: wg show $link"; fi
  if [ "$mtu" != - ]; then ip link set dev "$link" mtu "$mtu"; fi
  settle_mesh "$link"
  settle_link "$link" is_in_mesh "$link" "$address"
  await 5 leads_to_mesh "$link" || fail NSPAWN_STEP_FAILED "$link does not know all peers: $(wg show "$link" allowed-ips | head -n 8)"
  [ "$(wg show "$link" listen-port)" = "$port" ] || fail NSPAWN_STEP_FAILED "$link does not listen on UDP port $port"
}
