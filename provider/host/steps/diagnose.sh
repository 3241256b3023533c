# shellcheck shell=dash
# The path of packets to a machine on a network and back, as the kernel has it, for the step facts to tell beside its own:
# path.WHAT.WHOM, and what it has to look at although no record may name it. Nothing is changed. The inside of a machine is looked at by the
# host's own programs in its network namespace, so nothing has to be installed there.

# Bytes of one answer, and of why there is none.
MOST_ANSWER=65536 MOST_REASON=500

step_diagnose() {
  local machine="$1" inside="$2" link="$3" uplink="$4" gateway4="$5" routed="$6" addresses="$7"
  local out unit family address
  say "looking at the path to $machine"
  out=$DIR/facts unit=systemd-nspawn@$machine.service
  mkdir -p "$out"
  ask_facts >>"$DIR/asked"
  for family in 4 6; do
    if [ ! -e "$out/path.rules$family" ]; then ip "-$family" rule show 2>/dev/null | head -n 40 >"$out/path.rules$family" || :; fi
  done
  for address in $addresses; do
    if [ "$address" != - ]; then path_of "$address"; fi
  done
  if ! run timeout 10 systemctl -q is-active "$unit"; then answer journal "$machine" journalctl -q --no-pager -o cat -n 5 -u "$unit"; fi
  path_inside
}

# The other hosts of a network; the step facts waits for their answers.
step_diagnose_peers() {
  local from="$1" peers="$2"
  local out peer
  out=$DIR/facts
  for peer in $peers; do answer ping "$peer" ping -n -c 1 -W 2 -I "$from" "$peer" & done
}

# In the words of a record; a dot in the name of a link is a slash in the name of a setting, sysctl(8).
ask_facts() {
  local dev
  # shellcheck disable=SC2154 # the caller's
  printf 'machine\t%s\nunit\t%s\nunit\tpulumi-nspawn-ndppd.service\n' "$machine" "$unit"
  printf 'sysctl\t%s\n' net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv6.conf.all.proxy_ndp
  dev=$(uplink_for 4)
  if [ -z "$dev" ]; then dev=$(uplink_for 6); fi
  if [ -z "$dev" ]; then return 0; fi
  dev=$(printf %s "$dev" | tr . /)
  printf 'sysctl\tnet.ipv4.neigh.%s.proxy_delay\nsysctl\tnet.ipv6.neigh.%s.proxy_delay\n' "$dev" "$dev"
}

uplink_for() { # FAMILY
  # shellcheck disable=SC2154 # the caller's
  if [ "$uplink" != - ]; then
    printf '%s\n' "$uplink"
    return 0
  fi
  ip "-$1" route show default 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1
}

# The exit code on a line, and what the command said; one that hangs is left.
answer() { # WHAT WHOM COMMAND…
  local name code
  name=$1.$(printf %s "$2" | tr : _) code=0
  shift 2
  run timeout 10 "$@" >"$DIR/said.$name" 2>"$DIR/why.$name" || code=$?
  {
    printf '%s\n' "$code"
    head -c "$MOST_ANSWER" "$DIR/said.$name"
    if [ "$code" != 0 ]; then head -c "$MOST_REASON" "$DIR/why.$name"; fi
  } >"$out/path.$name"
}

# As a packet from outside comes in by the uplink, and as one of the machine goes out. A well-known server stands for anybody.
path_of() { # ADDRESS
  local family far
  family=4 far=8.8.8.8
  case $1 in *:*) family=6 far=2001:4860:4860::8888 ;; esac
  # shellcheck disable=SC2154 # the caller's
  if [ "$routed" = yes ]; then
    answer route "$1" ip -j "-$family" route get "$1" from "$far" iif "$(uplink_for "$family")"
    answer out "$1" ip -j "-$family" route get "$far" from "$1" iif "$link"
  fi
  # Beside the rest; the step facts waits for it.
  answer ping "$1" ping -n -c 1 -W 2 "$1" &
}

path_inside() {
  local leader family far gateway from
  leader=$(run timeout 10 machinectl show "$machine" -p Leader --value 2>/dev/null) || leader=""
  if [ "${leader:-0}" = 0 ]; then return 0; fi
  for family in 4 6; do
    far=8.8.8.8 gateway=$gateway4
    if [ "$family" = 6 ]; then far=2001:4860:4860::8888 gateway=fe80::1; fi
    if [ "$routed" = no ]; then gateway=$(from_inside ip "-$family" route show default dev "$inside" 2>/dev/null | awk '{ print $3; exit }'); fi
    if [ "${gateway:--}" != - ]; then
      # shellcheck disable=SC2046 # words
      answer "gateway$family" "$machine.$inside" nsenter -t "$leader" -n ping -n -c 1 -W 2 $(on_link "$family") "$gateway" &
    fi
    answer "out$family" "$machine.$inside" nsenter -t "$leader" -n ip -j "-$family" route get "$far"
    from=$(own_address "$family")
    if [ -n "$from" ]; then answer "from$family" "$machine.$inside" nsenter -t "$leader" -n ip -j "-$family" route get "$far" from "$from"; fi
  done
  # The same on each of its networks.
  if [ -e "$out/path.ready.$machine" ]; then return 0; fi
  answer ready "$machine" systemctl --machine="$machine" is-system-running
  answer silent4 "$machine" nsenter -t "$leader" -n cat /proc/sys/net/ipv4/icmp_echo_ignore_all
  answer silent6 "$machine" nsenter -t "$leader" -n cat /proc/sys/net/ipv6/icmp/echo_ignore_all
  if command -v nft >/dev/null; then from_inside nft list ruleset | dropping >"$out/path.firewall.$machine" || :; fi
  legacy_inside | short >"$out/path.legacy.$machine" || :
}

# A link-local address says nothing of its link; IPv4 goes by the rule for its own address, where that has one.
on_link() { # FAMILY
  if [ "$1" = 6 ]; then
    echo -6 -I "$inside"
    return 0
  fi
  from=$(own_address 4)
  if [ -n "$from" ]; then echo -I "$from"; fi
}
# The first of the family that it has on this network.
own_address() { # FAMILY
  # shellcheck disable=SC2154 # the caller's
  printf '%s\n' "$addresses" | tr ' ' '\n' | awk -v family="$1" '$0 != "-" && (index($0, ":") > 0) == (family == 6) { print; exit }'
}
from_inside() { run timeout 10 nsenter -t "$leader" -n "$@"; } # COMMAND…

# What can drop a packet, by its chain; not what is in sets.
dropping() { awk '/^table / || /^[[:space:]]+chain / || / hook / || /drop|reject|REJECT|DROP|jump|goto/' | short; }
short() { cut -c1-300 | head -n 400; }

# The kernel names tables of iptables-legacy, which nft does not show, to whoever is in the namespace.
legacy_inside() {
  local family names save
  for family in 4 6; do
    names=ip_tables_names save=iptables-legacy-save
    if [ "$family" = 6 ]; then names=ip6_tables_names save=ip6tables-legacy-save; fi
    if ! from_inside cat "/proc/net/$names" 2>/dev/null | grep -q .; then continue; fi
    printf 'family %s\n' "$family"
    if ! command -v "$save" >/dev/null; then
      echo unreadable
      continue
    fi
    from_inside "$save" | grep -E '^[*:]|DROP|REJECT|-[jg] ' || :
  done
}
