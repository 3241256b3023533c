# shellcheck shell=dash
# A probe of a machine that runs: packets that come in as one from outside would, through all that the host does with
# them, and a name. It leaves nothing behind, and nothing of it leaves the host.

# Somebody outside, on the way on which this login came: else AS112, which exists to take what nobody wants. No packet leaves.
outside() { # FAMILY UPLINK
  local address
  for address in "${LOGIN%% *}" 192.175.48.1 2620:4f:8000::1; do
    case $1:$address in 6:*:*) ;; 4:*:* | 6:* | 4:) continue ;; esac
    if ip "-$1" -o route get "$address" 2>/dev/null | grep -q " dev $2 "; then
      printf '%s\n' "$address"
      return 0
    fi
  done
}

step_probe() {
  local machine="$1" address="$3" kinds="$4"
  local family name uplink leader source number heard
  if [ "$FAILED" = soft ] || ! command -v nft >/dev/null || ! command -v tc >/dev/null; then return 0; fi
  case $address in *:*) family=6 name=IPv6 ;; *) family=4 name=IPv4 ;; esac
  # The interface that answers on the uplink.
  uplink=$(sed -n "s/^uplink='\([^']*\)'$/\1/p" /etc/pulumi-nspawn/uplink 2>/dev/null || :)
  uplink=${uplink:-$(ip "-$family" -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)}
  leader=$(machinectl show "$machine" -p Leader --value 2>/dev/null) || return 0
  if [ -z "$uplink" ] || [ -z "$leader" ]; then return 0; fi
  close_left
  source=$(outside "$family" "$uplink")
  if [ -z "$source" ]; then return 0; fi
  say "sending it a packet by $name as from outside"
  number=$((20000 + $$ % 20000)) heard=$DIR/heard.$family
  # shellcheck disable=SC2086 # words
  if probe_gate && probe_once "$address" $kinds; then
    if [ ! -s "$heard" ]; then
      # shellcheck disable=SC2086 # words
      probe_trace "$address" $kinds
      warn "no packet from outside reaches $machine at $address: of $kinds, sent as if they came in by $uplink, none arrived in the machine$(probe_reason "$address"); see pulumi-nspawn doctor $machine"
    elif ! grep -qv '^icmp' "$heard" && printf %s "$kinds" | grep -q 'tcp\|udp'; then
      # shellcheck disable=SC2086 # words
      probe_trace "$address" $kinds
      warn "a ping from outside reaches $machine at $address, and nothing else of $kinds, sent as if it came in by $uplink$(probe_reason "$address"); see pulumi-nspawn doctor $machine"
    fi
  fi
  close_gate
}

# What comes out of one end goes on as if the uplink had received it, and what the machine or the host says to that ends here.
probe_gate() {
  local word echo errors
  GATE=pn$$a GATE_TABLE=pulumi-nspawn-probe-$$ word=ip
  echo="icmp type echo-reply icmp id" errors="icmp type { destination-unreachable, time-exceeded }"
  if [ "$family" = 6 ]; then
    word=ip6 echo="icmpv6 type echo-reply icmpv6 id"
    errors="icmpv6 type { destination-unreachable, time-exceeded, packet-too-big }"
  fi
  nft -f - <<RULES || return 1
table inet $GATE_TABLE {
  chain in {
    type filter hook prerouting priority -400; policy accept;
    iifname "$uplink" $word saddr $source meta l4proto { tcp, udp } th sport $number meta nftrace set 1
    iifname "$uplink" $word saddr $source meta l4proto { icmp, icmpv6 } @th,32,16 $number meta nftrace set 1
  }
  chain out {
    type filter hook postrouting priority 400; policy accept;
    $word daddr $source $echo $number drop
    $word daddr $source $errors drop
    $word daddr $source meta l4proto { tcp, udp } th dport $number drop
  }
}
RULES
  ip link add "$GATE" type veth peer name "pn$$b" || return 1
  ip link set dev "$GATE" addrgenmode none || :
  ip link set dev "pn$$b" addrgenmode none || :
  ip link set dev "$GATE" up && ip link set dev "pn$$b" up || return 1
  GATE_MAC=$(ip -o link show dev "$GATE" | sed -n 's/.* link\/ether \([^ ]*\).*/\1/p')
  tc qdisc add dev "$GATE" clsact || return 1
  tc filter add dev "$GATE" ingress protocol all matchall action mirred ingress redirect dev "$uplink" ||
    tc filter add dev "$GATE" ingress protocol all u32 match u32 0 0 action mirred ingress redirect dev "$uplink" || return 1
}
close_gate() {
  ip link del dev "$GATE" 2>/dev/null || :
  nft delete table inet "$GATE_TABLE" 2>/dev/null || :
}

# Of programs that ended in the middle.
close_left() {
  local pid
  for pid in $(ip -o link | sed -n 's/^[0-9]*: pn\([0-9]*\)a@.*/\1/p'); do
    if kill -0 "$pid" 2>/dev/null; then continue; fi
    GATE=pn"$pid"a GATE_TABLE=pulumi-nspawn-probe-$pid
    close_gate
  done
}

probe_once() { # TARGET KINDS…
  local target ear _
  target=$1
  shift
  : >"$heard.all"
  run nsenter -t "$leader" -n perl -e "$PROBE_PL" hear 4 "$number" "$@" >"$heard.all" &
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

# Once more, with the kernel's own word for where they end.
probe_trace() { # TARGET KINDS…
  local monitor
  run timeout 6 nft monitor trace >"$DIR/trace" 2>/dev/null &
  monitor=$!
  sleep 0.5
  cp "$heard" "$heard.first"
  probe_once "$@" || :
  kill "$monitor" 2>/dev/null || :
  wait "$monitor" 2>/dev/null || :
  cp "$heard.first" "$heard"
}
probe_reason() { # TARGET
  local ended way
  ended=$(sed -n 's/^trace id [0-9a-f]* \([a-z0-9]* [^ ]* [^ ]*\) .*\(policy drop\|verdict drop\).*/table \1 (\2)/p' "$DIR/trace" | grep -v "$GATE_TABLE" | sort -u | head -n 3 | tr '\n' ',' | sed 's/,$//; s/,/, /g; s/table \([^ ]* [^ ]*\) \([^ ,]*\)/table \1, chain \2/g')
  if [ -n "$ended" ]; then
    printf ', dropped by %s' "$ended"
    return 0
  fi
  way=$(ip "-$family" -o route get "$1" from "$source" iif "$uplink" 2>&1 | head -n 1)
  case $way in *" dev "*) ;; *) printf ', the host says: %s' "$way" ;; esac
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
