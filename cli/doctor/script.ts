import { hostFile } from "../../provider/host/files";

/**
 * What is run on a host: a constant. It changes nothing. `asked` beside it has tab-separated lines (`address A UPLINK
 * LINK`, `machine NAME GATEWAY4 MODE`); each fact is reported as `result NAME LENGTH`, its content is the exit code, a
 * newline and what the command said. The guest is looked at with the host's own programs inside its network namespace,
 * so nothing has to be installed in it. Packets are asked for as the kernel would forward them: `ip route get … iif`.
 */
const frame = String.raw`set -u
LC_ALL=C; export LC_ALL
DIR=$1
trap 'rm -rf "$DIR"' EXIT
TAB=$(printf '\t')

measured() { # FILE COMMAND…
  file=$1; shift
  code=0
  timeout 10 "$@" </dev/null >"$file.out" 2>"$file.err" || code=$?
  { echo "$code"; cat "$file.out"; [ "$code" = 0 ] || head -c 500 "$file.err"; } >"$file"
}
told() { # NAME FILE
  printf 'result\t%s\t%s\n' "$1" "$(($(wc -c <"$2")))"
  cat "$2"; echo
}
fact() { # NAME COMMAND…
  name=$1; shift
  measured "$DIR/fact" "$@"
  told "$name" "$DIR/fact"
}
# What waits for an answer, beside the rest.
count=0
later() { # NAME COMMAND…
  count=$((count + 1))
  printf '%s' "$1" >"$DIR/later.$count.name"; shift
  measured "$DIR/later.$count" "$@" &
}

settings() {
  for key in net/ipv4/ip_forward net/ipv6/conf/all/forwarding net/ipv6/conf/all/proxy_ndp; do
    [ -r "/proc/sys/$key" ] && echo "$key $(cat "/proc/sys/$key")"
  done
  for file in /proc/sys/net/ipv[46]/neigh/*/proxy_delay; do
    [ -r "$file" ] && echo "$(echo "$file" | cut -c11-) $(cat "$file")"
  done
  return 0
}
# timeout(1) runs programs, not functions.
settings >"$DIR/settings"
${hostFile("steps/filter.sh")}
# What can drop a packet, by its chain; not what is in sets.
firewall='nft list ruleset | awk "/^table /||/^[[:space:]]+chain /||/ hook /||/drop|reject|REJECT|DROP|jump|goto/" | cut -c1-300 | head -n 400'
legacy='for v in 4:ip_tables 6:ip6_tables; do
    grep -q . /proc/net/"${"$"}{v#*:}"_names 2>/dev/null || continue
    if [ "$v" = 4:ip_tables ]; then save=iptables-legacy-save; else save=ip6tables-legacy-save; fi
    echo "family ${"$"}{v%%:*}"
    if command -v $save >/dev/null; then $save | grep -E "^[*:]|DROP|REJECT|-[jg] "; else echo unreadable; fi
  done | cut -c1-300 | head -n 400'

inside() { # NAME GATEWAY4 MODE
  leader=$(machinectl show "$1" -p Leader --value 2>/dev/null </dev/null) || leader=
  [ -n "$leader" ] && [ "$leader" != 0 ] || return 0
  in="nsenter -t $leader -n"
  gateway4=$2 gateway6=fe80::1
  if [ "$3" = transparent ]; then
    gateway4=$($in ip -4 route show default dev host0 | awk '{ print $3; exit }')
    gateway6=$($in ip -6 route show default dev host0 | awk '{ print $3; exit }')
  fi
  [ "${"$"}{gateway4:--}" = - ] || later "gateway4:$1" $in ping -n -c 1 -W 2 "$gateway4"
  [ -z "$gateway6" ] || later "gateway6:$1" $in ping -6 -n -c 1 -W 2 -I host0 "$gateway6"
  fact "leader:$1" echo "$leader"
  fact "ready:$1" systemctl --machine="$1" is-system-running
  fact "links:$1" $in ip -j addr show
  fact "out4:$1" $in ip -j -4 route get 8.8.8.8
  fact "out6:$1" $in ip -j -6 route get 2001:4860:4860::8888
  fact "silent4:$1" $in cat /proc/sys/net/ipv4/icmp_echo_ignore_all
  fact "silent6:$1" $in cat /proc/sys/net/ipv6/icmp/echo_ignore_all
  if command -v nft >/dev/null; then fact "firewall:$1" $in sh -c "$firewall"; fi
  fact "legacy:$1" $in sh -c "$legacy"
}

# As a packet from outside would come in, and as one of the machine would go out; a well-known server stands for anybody.
forwarded() { # ADDRESS UPLINK LINK
  case $1 in
    *:*) family=-6 far=2001:4860:4860::8888 ;;
    *) family=-4 far=8.8.8.8 ;;
  esac
  uplink=$2
  [ "$uplink" != - ] || uplink=$(ip $family route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  fact "route:$1" ip -j $family route get "$1" from $far iif "$uplink"
  fact "out:$1" ip -j $family route get $far from "$1" iif "$3"
  later "answer:$1" ping -n -c 1 -W 2 "$1"
}
`;

const questions = String.raw`
out=$DIR/rules
mkdir "$out"
facts_of_rulesets
for file in "$out"/*; do fact "rules:${"$"}{file##*/}" cat "$file"; done
fact links ip -j addr show
fact proxies4 ip -j -4 neigh show proxy
fact proxies6 ip -j -6 neigh show proxy
fact default4 ip -j -4 route show default
fact default6 ip -j -6 route show default
fact settings cat "$DIR/settings"
fact rules4 sh -c 'ip -4 rule show | head -n 40'
fact rules6 sh -c 'ip -6 rule show | head -n 40'
out=$DIR
facts_of_filters >"$DIR/filters" 2>/dev/null
fact filters cat "$DIR/filters"
while IFS=$TAB read -r kind value one two; do
  case $kind in
    address) forwarded "$value" "$one" "$two" ;;
    lan) later "answer:$value" ping -n -c 1 -W 2 "$value" ;;
    machine)
      fact "unit:$value" systemctl show -p ActiveState -p SubState -p Result "systemd-nspawn@$value.service"
      systemctl -q is-active "systemd-nspawn@$value.service" </dev/null ||
        fact "journal:$value" journalctl -q --no-pager -o cat -n 5 -u "systemd-nspawn@$value.service"
      inside "$value" "$one" "$two" ;;
  esac
done <"$DIR/asked"
wait
while [ "$count" -gt 0 ]; do
  told "$(cat "$DIR/later.$count.name")" "$DIR/later.$count"
  count=$((count - 1))
done
echo end
`;

export const script = `${frame}${hostFile("facts/rulesets.sh")}${questions}`;
