import { rulesets } from "../../provider/plan/script/rulesets";

/**
 * What is run on a host: a constant. It changes nothing. `asked` beside it has tab-separated lines (`address A`,
 * `machine NAME GATEWAY4`); each fact is reported as `result NAME LENGTH`, its content is the exit code, a newline and
 * what the command said. The guest is looked at with the host's own programs inside its network namespace, so nothing has to be installed in it.
 */
const frame = String.raw`set -u
LC_ALL=C; export LC_ALL
dir=$1
trap 'rm -rf "$dir"' EXIT
tab=$(printf '\t')

fact() {
  name=$1; shift
  code=0
  timeout 10 "$@" </dev/null >"$dir/out" 2>"$dir/err" || code=$?
  { echo "$code"; cat "$dir/out"; [ "$code" = 0 ] || head -c 500 "$dir/err"; } >"$dir/fact"
  printf 'result\t%s\t%s\n' "$name" "$(($(wc -c <"$dir/fact")))"
  cat "$dir/fact"; echo
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
settings >"$dir/settings"

inside() { # NAME GATEWAY4
  leader=$(machinectl show "$1" -p Leader --value 2>/dev/null </dev/null) || leader=
  [ -n "$leader" ] && [ "$leader" != 0 ] || return 0
  in="nsenter -t $leader -n"
  fact "leader:$1" echo "$leader"
  fact "ready:$1" systemctl --machine="$1" is-system-running
  fact "links:$1" $in ip -j addr show
  fact "out4:$1" $in ip -j -4 route get 8.8.8.8
  fact "out6:$1" $in ip -j -6 route get 2001:4860:4860::8888
  [ "$2" = - ] || fact "gateway4:$1" $in ping -n -c 1 -W 2 "$2"
  fact "gateway6:$1" $in ping -6 -n -c 1 -W 2 -I host0 fe80::1
}
`;

const questions = String.raw`
out=$dir/rules
mkdir "$out"
facts_of_rulesets
for file in "$out"/*; do fact "rules:${"$"}{file##*/}" cat "$file"; done
fact links ip -j addr show
fact proxies4 ip -j -4 neigh show proxy
fact proxies6 ip -j -6 neigh show proxy
fact default4 ip -j -4 route show default
fact default6 ip -j -6 route show default
fact settings cat "$dir/settings"
while IFS=$tab read -r kind value gateway; do
  case $kind in
    address) fact "route:$value" ip -j route get "$value" ;;
    machine)
      fact "unit:$value" systemctl show -p ActiveState -p SubState -p Result "systemd-nspawn@$value.service"
      systemctl -q is-active "systemd-nspawn@$value.service" </dev/null ||
        fact "journal:$value" journalctl -q --no-pager -o cat -n 5 -u "systemd-nspawn@$value.service"
      inside "$value" "$gateway" ;;
  esac
done <"$dir/asked"
echo end
`;

export const script = `${frame}${rulesets}${questions}`;
