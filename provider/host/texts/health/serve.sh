# shellcheck shell=dash
# shellcheck disable=SC2154 # machine, timeout and serve stand before this
# Asked by the host's own programs in the machine's network namespace, so that no filter in between has a say: on its addresses,
# else on itself.
ask() { # PORT PATH
  local leader addresses said
  leader=$(timeout 10 machinectl show "$machine" -p Leader --value 2>/dev/null) || leader=0
  addresses=$(timeout 5 nsenter -t "${leader:-0}" -n ip -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }' | head -n 8)
  # shellcheck disable=SC2086 # words
  said=$(timeout -k 1 "$timeout" nsenter -t "${leader:-0}" -n perl -e "$serve" "$1" "$2" "$timeout" ${addresses:-127.0.0.1 ::1} 2>/dev/null | paste -sd, | sed 's/,/, /g')
  case $said in *" answers") return 0 ;; esac
  echo "port $1: ${said:-no answer within $timeout s}"
  return 1
}

# It may take as long as systemd gives it to end.
hurry() { :; }
