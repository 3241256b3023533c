# shellcheck shell=dash
# The host's own IPv4 address, which its bridges carry, as a program says it.

step_own_address() { # ADDRESS LINK, which carries it too and does not count; - for none
  local address="$1" link="$2"
  local has
  if ! command -v ip >/dev/null; then return 0; fi
  ip -o -4 addr show scope global | awk -v but="$link" '$2 != but { own = $4; sub("/.*", "", own); print own, $2 }' >"$DIR/own"
  if awk '{ print $1 }' "$DIR/own" | grep -qxF -e "$address"; then return 0; fi
  has=$(awk '{ printf "%s%s on %s", (NR > 1 ? ", " : ""), $1, $2 }' "$DIR/own")
  if [ -z "$has" ]; then
    fail NSPAWN_INVALID_INPUT "$address is no address of this host, which has no IPv4 address at all: something in front of it translates or forwards; say the host's name or IPv6 address in ssh.host of its NspawnHost, so that its bridges carry no IPv4 address"
  fi
  fail NSPAWN_INVALID_INPUT "$address is no address of this host, which has $has: something in front of it translates or forwards; give its NspawnHost the one that it has on its uplink: ipv4: \"$(awk 'NR == 1 { print $1 }' "$DIR/own")\""
}
