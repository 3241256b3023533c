# shellcheck shell=dash
# A probe of a machine that runs, both ways: packets that come in as one from outside would, through all that the host does with
# them; one that the machine sends to somebody outside; and a name. It leaves nothing behind, and nothing of it leaves the host.

# Somebody outside, on the way on which this login came: else AS112, which exists to take what nobody wants. No packet leaves.
outside() { # FAMILY LINK
  local address
  for address in "${LOGIN%% *}" 192.175.48.1 2620:4f:8000::1; do
    case $1:$address in 6:*:*) ;; 4:*:* | 6:* | 4:) continue ;; esac
    if ip "-$1" -o route get "$address" 2>/dev/null | grep -q " dev $2 "; then
      printf '%s\n' "$address"
      return 0
    fi
  done
}

# `entry` is where the peer's packets come in: `uplink`, `lan` (a bridge's own uplink), a tunnel's link, or `nobody`. `way` has the
# links behind that, from the bridge to the machine's interface; `kinds` what comes in (`tcp:2222=22`: by a port of the host),
# `out` what goes out. A LAN's address is `4` or `6`: the one that the machine has got.
step_probe() {
  local machine="$1" entry="$2" peer="$3" way="$4" address="$5" kinds="$6" out="$7"
  local family bridge inside uplink hops leader source number heard arrived left why outcome
  if [ "$FAILED" = soft ]; then return 0; fi
  bridge=${way%% *} inside=${way##* } uplink="" source="" arrived="" left="" why="" outcome=reached
  leader=$(machinectl show "$machine" -p Leader --value 2>/dev/null) || return 0
  if [ -z "$leader" ]; then return 0; fi
  case $address in
    4 | 6)
      family=$address
      address=$(got_address) || :
      if [ -z "$address" ]; then return 0; fi
      ;;
    *:*) family=6 ;;
    *) family=4 ;;
  esac
  uplink=$(entry_link) || :
  hops="${uplink:-?} $way"
  if [ "$entry" = nobody ]; then
    hops=$way
    reached isolated
    return 0
  fi
  close_left
  source=$(peer_of) || :
  why=$(untriable)
  if [ -n "$why" ]; then
    reached untried "$(untried "$why")"
    return 0
  fi
  say "sending packets by IPv$family to it and from it"
  number=$((20000 + $$ % 20000)) heard=$DIR/heard.$family
  if ! probe_gate; then
    close_gate
    reached untried "$(untried "$(tail -n 1 "$DIR/log" 2>/dev/null)")"
    return 0
  fi
  probe_in
  probe_out
  close_gate
  if [ -n "$why" ] && [ "$outcome" = reached ]; then outcome=unreachable; fi
  reached "$outcome" "$why"
}
untried() { printf 'whether %s is reached at %s cannot be tried: %s' "$machine" "$address" "$1"; } # WHY

# What the facts tell of one way: interface, address, outcome, peer, source of what came in, source of what went out, hops.
reached() { # OUTCOME WHY
  printf '%s %s %s %s %s %s %s\n' "$inside" "$address" "$1" "${source:--}" "${arrived:--}" "${left:--}" "$hops" >>"$DIR/reached"
  if [ -n "${2:-}" ]; then printf '%s\t%s\n' "$1" "$2" >>"$DIR/unreached"; fi
}

# All ways of a machine have been tried. What cannot be tried is only told where it has to be known.
step_reached() {
  local machine="$1" need="$2"
  local outcome why
  if [ "$FAILED" = soft ] || [ ! -e "$DIR/reached" ]; then
    rm -f "$MINE/reached"
    if [ "$FAILED" = soft ] || [ "$need" = no ]; then return 0; fi
    printf 'untried\t%s has no address by which anybody outside could reach it\n' "$machine" >"$DIR/unreached"
  else
    mv -f "$DIR/reached" "$MINE/reached"
  fi
  if [ ! -e "$DIR/unreached" ]; then return 0; fi
  if [ "$need" = yes ]; then
    fail_later NSPAWN_NOT_READY "$(cut -f 2 "$DIR/unreached" | paste -sd ';' | sed 's/;\([^ ]\)/; \1/g'); mend that and run up again, which tries it again"
    return 0
  fi
  while IFS=$TAB read -r outcome why; do
    if [ "$outcome" = unreachable ]; then warn "$why"; fi
  done <"$DIR/unreached"
}

in_guest() { run nsenter -t "$leader" -n "$@"; }

# The one that others can use for long, of those that a LAN gave.
got_address() {
  in_guest ip "-$family" -o addr show dev "$inside" scope global 2>/dev/null | grep -v ' temporary\| tentative\| deprecated' |
    sed -n 's/.* inet6\{0,1\} \([0-9a-f.:]*\).*/\1/p' | head -n 1
}

# The interface that answers on the uplink; of a bridge on a LAN, its port that leads there.
entry_link() {
  local name
  case $entry in
    nobody) ;;
    uplink)
      name=$(sed -n "s/^uplink='\([^']*\)'$/\1/p" /etc/pulumi-nspawn/uplink 2>/dev/null || :)
      printf '%s\n' "${name:-$(ip "-$family" -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)}"
      ;;
    lan)
      sed -n "s/^uplink$TAB//p" "$OWNERS"/*/record 2>/dev/null | sort -u | while read -r name; do
        if [ "$(master_of "$name")" = "$bridge" ]; then printf '%s\n' "$name"; fi
      done
      ;;
    *) if has_link "$entry"; then printf '%s\n' "$entry"; fi ;;
  esac
}

is_bridged() { [ "$entry" != uplink ]; }

peer_of() {
  local found
  if [ "$peer" != - ]; then
    printf '%s\n' "$peer"
    return 0
  fi
  if is_bridged; then found=$(outside "$family" "$bridge"); else found=$(outside "$family" "$uplink"); fi
  # A machine on a LAN has a router of its own.
  if [ -z "$found" ] && is_bridged; then
    if [ "$family" = 6 ]; then found=2620:4f:8000::1; else found=192.175.48.1; fi
  fi
  printf '%s\n' "$found"
}

untriable() {
  local word
  for word in nft tc perl; do
    if ! command -v "$word" >/dev/null; then
      printf 'the host has no %s(1)' "$word"
      return 0
    fi
  done
  if [ -z "$uplink" ]; then printf 'no link of the host leads outside by IPv%s' "$family"; elif [ -z "$source" ]; then printf 'the host has no way out by IPv%s' "$family"; fi
}

# What comes out of one end goes on as if the uplink had received it. What the machine or the host says to that ends here, and so
# does what the machine sends to the peer, whose source is kept.
probe_gate() {
  GATE=pn$$a GATE_TABLE=pulumi-nspawn-probe-$$
  { gate_table inet drop && if is_bridged; then gate_table bridge "$(after_bridge)"; fi; } | nft -f - || return 1
  if is_bridged && [ "$peer" != - ]; then in_guest ip neigh replace "$source" lladdr "$GATE_SOURCE" dev "$inside" nud permanent || return 1; fi
  ip link add "$GATE" type veth peer name "pn$$b" || return 1
  ip link set dev "$GATE" addrgenmode none || :
  ip link set dev "pn$$b" addrgenmode none || :
  ip link set dev "$GATE" up && ip link set dev "pn$$b" up || return 1
  GATE_MAC=$(if is_bridged; then in_guest ip -o link show dev "$inside"; else ip -o link show dev "$GATE"; fi | sed -n 's/.* link\/ether \([^ ]*\).*/\1/p')
  tc qdisc add dev "$GATE" clsact || return 1
  tc filter add dev "$GATE" ingress protocol all matchall action mirred ingress redirect dev "$uplink" ||
    tc filter add dev "$GATE" ingress protocol all u32 match u32 0 0 action mirred ingress redirect dev "$uplink" || return 1
}

# From where the frames of a probe come; see probe.pl.
GATE_SOURCE=02:70:6e:00:00:01

# Where iptables see what a bridge passes, they are the last to change it.
after_bridge() { if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || echo 0)" = 1 ]; then echo accept; else echo drop; fi; }

gate_table() { # FAMILY-OF-TABLE VERDICT
  local word type echo errors ask
  word=ip type=ipv4_addr echo="icmp type echo-reply icmp id" ask="icmp type echo-request icmp id"
  errors="icmp type { destination-unreachable, time-exceeded }"
  if [ "$family" = 6 ]; then
    word=ip6 type=ipv6_addr echo="icmpv6 type echo-reply icmpv6 id" ask="icmpv6 type echo-request icmpv6 id"
    errors="icmpv6 type { destination-unreachable, time-exceeded, packet-too-big }"
  fi
  cat <<RULES
table $1 $GATE_TABLE {
  set left { type $type; size 16; flags dynamic; }
  chain in {
    type filter hook prerouting priority -400; policy accept;
    iifname "$uplink" $word saddr $source meta l4proto { tcp, udp } th sport $number meta nftrace set 1
    iifname "$uplink" $word saddr $source meta l4proto { icmp, icmpv6 } @th,32,16 $number meta nftrace set 1
    iifname != "$uplink" $word daddr $source meta l4proto { tcp, udp } th sport $number meta nftrace set 1
    iifname != "$uplink" $word daddr $source $ask $number meta nftrace set 1
  }
  chain out {
    type filter hook postrouting priority 400; policy accept;
    $word daddr $source udp dport $((number + 1)) add @left { $word saddr } $2
    $word daddr $source tcp sport $number add @left { $word saddr } $2
    $word daddr $source $ask $number add @left { $word saddr } $2
    $word daddr $source $echo $number $2
    $word daddr $source $errors $2
    $word daddr $source meta l4proto { tcp, udp } th dport $number $2
  }
}
RULES
}
close_gate() {
  ip link del dev "$GATE" 2>/dev/null || :
  nft delete table inet "$GATE_TABLE" 2>/dev/null || :
  if ! is_bridged; then return 0; fi
  nft delete table bridge "$GATE_TABLE" 2>/dev/null || :
  bridge fdb del "$GATE_SOURCE" dev "$uplink" master 2>/dev/null || :
  if [ "$peer" != - ]; then in_guest ip neigh del "$source" dev "$inside" 2>/dev/null || :; fi
}

# Of programs that ended in the middle.
close_left() {
  local pid family
  for pid in $(ip -o link | sed -n 's/^[0-9]*: pn\([0-9]*\)a@.*/\1/p'); do
    if kill -0 "$pid" 2>/dev/null; then continue; fi
    ip link del dev "pn${pid}a" 2>/dev/null || :
    for family in inet bridge; do nft delete table "$family" "pulumi-nspawn-probe-$pid" 2>/dev/null || :; done
  done
}

probe_in() {
  local target sent sent_from
  if [ "$kinds" = - ]; then return 0; fi
  target=$address sent=$kinds sent_from="as if they came in by $uplink"
  case $kinds in
    *=*)
      # By a port at the host's own address.
      target=$(ip "-$family" -o route get "$source" | sed -n 's/.* src \([^ ]*\).*/\1/p')
      sent=$(printf %s "$kinds" | sed 's/=[0-9]*//g') kinds=$(printf %s "$kinds" | sed 's/:[0-9]*=/:/g')
      sent_from="to $target, $sent_from"
      ;;
  esac
  # shellcheck disable=SC2086 # words
  if ! probe_once "$target" $sent; then
    outcome=untried why=$(untried "its network namespace cannot be listened in")
    return 0
  fi
  arrived=$(awk '{ print $2; exit }' "$heard")
  if [ ! -s "$heard" ]; then
    # shellcheck disable=SC2086 # words
    probe_trace probe_once "$target" $sent
    why="no packet from outside reaches $machine at $address: of $sent, sent $sent_from, none arrived in the machine; $(why_not_in)"
  elif ! grep -qv '^icmp' "$heard" && printf %s "$kinds" | grep -q 'tcp\|udp'; then
    # shellcheck disable=SC2086 # words
    probe_trace probe_once "$target" $sent
    why="a ping from outside reaches $machine at $address, and nothing else of $sent, sent $sent_from; $(why_not_in)"
  fi
}

probe_once() { # TARGET KINDS…
  local target ear _
  target=$1
  shift
  : >"$heard.all"
  # shellcheck disable=SC2086 # words
  run nsenter -t "$leader" -n perl -e "$PROBE_PL" hear 4 "$number" $kinds >"$heard.all" &
  ear=$!
  await 3 grep -q ready "$heard.all" || {
    kill "$ear" 2>/dev/null || :
    return 1
  }
  for _ in 1 2 3; do
    run perl -e "$PROBE_PL" send "pn$$b" "$GATE_MAC" "$source" "$target" "$number" "$@" || return 1
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      if ! kill -0 "$ear" 2>/dev/null; then break 2; fi
      sleep 0.1
    done
  done
  wait "$ear" || :
  grep -v ready "$heard.all" >"$heard" || :
}

# As a program of the machine that talks to the peer from this address.
probe_out() {
  if [ "$out" = - ]; then return 0; fi
  if [ "$out" = udp ]; then out=udp:$((number + 1)); fi
  if leave_once; then return 0; fi
  # What kept packets from coming in keeps these as well.
  if [ -n "$why" ]; then return 0; fi
  probe_trace leave_once
  if [ -n "$left" ]; then return 0; fi
  why="nothing that $machine sends from $address leaves the host by $uplink: $(why_not_out)"
}

leave_once() {
  local _
  for _ in 1 2 3 4 5 6; do
    in_guest perl -e "$PROBE_PL" leave "$address" "$source" "$number" "$out" 2>"$DIR/leave" || :
    for _ in 1 2 3; do
      left=$(left_from inet)
      if [ -z "$left" ] && is_bridged; then left=$(left_from bridge); fi
      if [ -n "$left" ]; then return 0; fi
      sleep 0.1
    done
  done
  return 1
}
left_from() { nft list set "$1" "$GATE_TABLE" left 2>/dev/null | sed -n 's/.*elements = { *\([0-9a-f.:]*\).*/\1/p' | head -n 1; } # FAMILY-OF-TABLE

# Once more, with the kernel's own word for where they end.
probe_trace() { # COMMAND…
  local monitor
  run timeout 6 nft monitor trace >"$DIR/trace" 2>/dev/null &
  monitor=$!
  sleep 0.5
  if [ -e "$heard" ]; then cp "$heard" "$heard.first"; fi
  "$@" || :
  kill "$monitor" 2>/dev/null || :
  wait "$monitor" 2>/dev/null || :
  if [ -e "$heard.first" ]; then cp "$heard.first" "$heard"; fi
}

# By whichever servers it got, once.
step_probe_names() {
  local machine="$1"
  local leader servers
  if [ "$FAILED" = soft ] || [ "$FRESH" = no ]; then return 0; fi
  leader=$(machinectl show "$machine" -p Leader --value 2>/dev/null) || return 0
  remember_name
  if [ -z "$leader" ] || [ -z "$NAME_BEFORE" ]; then return 0; fi
  servers=$(printf '%s\tetc/resolv.conf\n' "$TREES/$machine" | tree_pl read - 65536 | tr '\0' '\n' | servers_in /dev/stdin | grep -v % | head -n 3)
  if [ -z "$servers" ]; then return 0; fi
  # shellcheck disable=SC2086 # words
  run timeout 40 nsenter -t "$leader" -n perl -e "$PROBE_PL" ask "$NAME_BEFORE" $servers >"$DIR/answers" || :
  if grep -q ' ok$' "$DIR/answers"; then return 0; fi
  warn "$machine resolves no name: the host resolves $NAME_BEFORE, and of the machine's servers $(tr '\n' ',' <"$DIR/answers" | sed 's/,$//; s/,/, /g'); give it others by dns, or let it reach these (its firewall, hostServices of its network, filters of others: pulumi-nspawn doctor $machine)"
}
