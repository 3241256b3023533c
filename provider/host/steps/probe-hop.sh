# shellcheck shell=dash disable=SC2154
# Where a probe's packets end, in the words of the command doctor for hops, and what to do there. The caller's names: machine, way,
# entry, bridge (or the machine's own cable), inside, uplink, family, address, source, leader.

at_hop() { printf 'it stops at the hop %s (%s): %s; see pulumi-nspawn doctor %s' "$1" "$2" "$3" "$machine"; } # HOP SUBJECT ADVICE

# Tables in which the trace saw packets end, as `family table, chain name (verdict drop)`.
dropped_by() {
  sed -n 's/^trace id [0-9a-f]* \([a-z0-9]* [^ ]* [^ ]*\) .*\(policy drop\|verdict drop\).*/table \1 (\2)/p' "$DIR/trace" | grep -v "$GATE_TABLE" | sort -u | head -n 3 |
    tr '\n' ',' | sed 's/,$//; s/,/, /g; s/table \([^ ]* [^ ]*\) \([^ ,]*\)/table \1, chain \2/g'
}

# A filter, ours or somebody's, a link, or forwarding: the same both ways. Nothing where none of these is to blame.
why_in_between() {
  local ended link
  for link in ${way% *}; do
    if ! has_link "$link"; then
      at_hop "$(link_hop "$link")" "$link" "there is no such interface, up --refresh puts it back"
      return 0
    elif ! ip -o link show dev "$link" up | grep -q .; then
      at_hop "$(link_hop "$link")" "$link" "it is down, up --refresh puts it back"
      return 0
    elif [ "$link" != "$bridge" ] && is_port "$link" && [ "$(master_of "$link")" != "$bridge" ]; then
      at_hop "$(link_hop "$link")" "$link" "it is no port of $bridge, up --refresh puts it back"
      return 0
    fi
  done
  ended=$(dropped_by)
  case $ended in
    '') ;;
    *" pulumi-nspawn-"*) at_hop filter "dropped by $ended" "this is the network's own filter; up --refresh loads it as the program has it" ;;
    *) at_hop "others' filters" "dropped by $ended" "let the machine's traffic pass there, which is not ours to change" ;;
  esac
  if [ -n "$ended" ] || is_bridged; then return 0; fi
  if [ "$(cat "$(forwarding_file)" 2>/dev/null || echo 1)" != 1 ]; then at_hop forwarding "IPv$family" "the host forwards nothing, up --refresh switches it on"; fi
}
forwarding_file() { if [ "$family" = 6 ]; then echo /proc/sys/net/ipv6/conf/all/forwarding; else echo /proc/sys/net/ipv4/ip_forward; fi; }
link_hop() { case $1 in vb-* | ve-*) echo port ;; "$bridge") echo bridge ;; *) echo macvlan ;; esac }
# A machine's own cable is none, and neither is the other end of a macvlan's pair.
is_port() { case $1 in vb-* | *-v1) ;; *) return 1 ;; esac }

why_not_in() {
  local said
  said=$(why_in_between)
  if [ -z "$said" ] && ! is_bridged; then
    said=$(ip "-$family" -o route get "$address" from "$source" iif "$uplink" 2>&1 | head -n 1)
    case $said in *" dev $bridge "*) said="" ;; *) said=$(at_hop route "$address" "the host says: $said; what comes in for it has to go to $bridge, up --refresh puts the route back, a rule of others (ip -$family rule) stays") ;; esac
  fi
  if [ -z "$said" ] && ! in_guest ip "-$family" -o addr show dev "$inside" 2>/dev/null | grep -qF " $address/"; then
    said=$(at_hop "guest address" "$address" "$inside of the machine does not have it: machinectl shell $machine /usr/bin/networkctl status $inside")
  fi
  printf %s "${said:-$(at_hop "guest answer" "$address" "every hop before the machine is in order")}"
}

why_not_out() {
  local said
  said=$(in_guest ip "-$family" -o route get "$source" from "$address" 2>&1 | head -n 1)
  case $said in
    *" dev $inside "*) said=$(why_in_between) ;;
    *) said=$(at_hop "guest route" "IPv$family" "the machine says: $said; it has to leave by $inside: restart the machine, and see machinectl shell $machine /usr/bin/networkctl status $inside") ;;
  esac
  if [ -z "$said" ] && ! is_bridged; then
    said=$(ip "-$family" -o route get "$source" from "$address" iif "$bridge" 2>&1 | head -n 1)
    case $said in *" dev $uplink "*) said="" ;; *) said=$(at_hop "route out" "$address" "the host says: $said; what the machine sends from it has to leave by $uplink") ;; esac
  fi
  printf %s "${said:-$(at_hop "guest firewall" "IPv$family" "every hop behind the machine is in order, so it is the machine's own rules that keep it: nft list ruleset in it")}"
}
