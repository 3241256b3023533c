# shellcheck shell=dash
# Services of a machine that have to answer before it counts as ready.

step_await_service() {
  local machine="$1" port="$2" path="$3" seconds="$4"
  local until said
  if [ "$FAILED" = soft ]; then return 0; fi
  if [ "$path" = - ]; then say "waiting until its port $port answers"; else say "waiting until its port $port answers for $path"; fi
  until=$(($(date +%s) + seconds))
  while :; do
    said=$(service_says "$machine" "$port" "$path")
    case $said in *" answers") return 0 ;; esac
    if [ "$(date +%s)" -ge "$until" ]; then break; fi
    sleep 0.5
  done
  if [ "$path" = - ]; then path=""; fi
  fail_later NSPAWN_NOT_READY "the machine $machine runs, and its port $port${path:+ ($path)} does not answer after $seconds s: $(printf %s "${said:-it has no network that could be entered}" | paste -sd, | sed 's/,/, /g'); see what listens there (machinectl shell $machine /bin/ss -ltn) and what failed (machinectl shell $machine /bin/systemctl --failed)"
}

# Asked in the machine's own network namespace, so that no filter in between has a say: on its addresses, else on itself. A line for
# each; the last is the one that answers.
service_says() { # MACHINE PORT PATH
  local leader addresses
  # shellcheck disable=SC2034 # read by in_guest
  leader=$(machinectl show "$1" -p Leader --value 2>/dev/null) || return 0
  addresses=$(in_guest ip -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }' | head -n 8)
  # shellcheck disable=SC2086 # words
  in_guest timeout 30 perl -e "$SERVE_PL" "$2" "$3" 5 ${addresses:-127.0.0.1 ::1} 2>/dev/null | head -c 2000 || :
}
