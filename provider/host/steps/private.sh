# shellcheck shell=dash
# A private network of the provider: an interface of its own, which appears while the host runs, and is known by its MAC address.

# The host's own link with a MAC address, and no port or macvlan of ours that has the same.
link_of_mac() { # MAC
  ip -o link show | awk -v mac="$1" '{ for (i = 3; i < NF; i++) if ($i == "link/ether" && $(i + 1) == mac && !/ master /) { name = $2; sub(/[:@].*/, "", name); print name; exit } }'
}

has_private_address() { # MAC ADDRESS
  local link
  link=$(link_of_mac "$1")
  [ -n "$link" ] && ip -o -4 addr show dev "$link" | awk -v own="$2" '{ sub("/.*", "", $4); if ($4 == own) found = 1 } END { exit !found }'
}

# Whether another server's machines are found behind it: their networks are in the routes that its lease brought.
step_private_link() {
  local mac="$1" address="$2" network="$3" mtu="$4"
  local link size way
  if ! command -v ip >/dev/null; then return 0; fi
  if ! await 60 has_private_address "$mac" "$address"; then
    link=$(link_of_mac "$mac")
    if [ -z "$link" ]; then
      fail NSPAWN_INVALID_INPUT "no interface of the host has the MAC address $mac of its private network; is the server attached to it? (ip link)"
    fi
    fail NSPAWN_INVALID_INPUT "$link, the interface of the private network, does not have the address $address; it gets it by DHCP from the image's hc-utils, or by what you configure (ip addr show dev $link)"
  fi
  link=$(link_of_mac "$mac")
  size=$(cat "/sys/class/net/$link/mtu")
  if [ "$mtu" != - ] && [ "$mtu" -gt "$size" ]; then
    fail NSPAWN_INVALID_INPUT "the bridge's MTU is $mtu, and packets of the private network, by $link, have $size bytes at most; give the bridge mtu: $size"
  fi
  if [ "$network" = - ]; then return 0; fi
  way=$(ip -o route get "${network%/*}" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
  if [ "$way" != "$link" ]; then
    fail NSPAWN_INVALID_INPUT "$network is not routed by $link, but by ${way:-nothing}: choose a part of the hcloud.Network's ipRange that lies in none of its subnets (ip route)"
  fi
}
