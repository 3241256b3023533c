# shellcheck shell=dash
# One change of a host at a time, and one program for one resource.

# Locks are files whose text says who holds them. Nobody but root can open one: who can read it, can hold it.
LOCKS=/run/pulumi-nspawn-locks
OWNER=nobody LOCKED=""
HOST_LOCK=$LOCKS/host
open_host_lock() { make_locks && exec 9<>"$HOST_LOCK"; }
make_locks() { mkdir -m 0700 "$LOCKS" 2>/dev/null || [ -d "$LOCKS" ]; }
hold() { printf '%s, since %s, in %s\n' "$OWNER" "$(date -u +%H:%M:%S) UTC" "$APPLY_UNIT" >"$1"; }
# shellcheck disable=SC2034 # for other files
have_host_lock() {
  hold "$HOST_LOCK"
  LOCKED=yes
}
step_lock() {
  open_host_lock
  if ! flock -n 9; then
    say "waiting for another change on this host: $(cat "$HOST_LOCK")"
    flock -w "$PATIENCE" 9 || fail NSPAWN_BUSY "this host has been in the hands of another change for more than $PATIENCE s: $(cat "$HOST_LOCK"); wait for it, or look at systemctl status 'pulumi-nspawn-*', and run up again"
  fi
  have_host_lock
  undo_dead
  if [ -n "$KEEP" ] && [ -e "$KEEP/net" ]; then renew_net; fi
}
# One program at a time for one resource, and none that was issued before the newest: it may have been long on its way.
step_own() {
  local key="$1" owner="$2"
  local newest late
  OWNER=$owner COPYING=$LOCKS/resource.$key.copy
  make_locks
  exec 7<>"$LOCKS/resource.$key"
  if ! flock -n 7; then
    end_copy
    say "waiting for an earlier run that is still at work on this resource"
    flock -w 1800 7 || fail NSPAWN_BUSY "an earlier run on $owner has not ended for 30 minutes; look at systemctl status 'pulumi-nspawn-*'"
  fi
  newest=$(cat "$LOCKS/resource.$key")
  late=$((${newest:-0} - ISSUED))
  # TCP gives up after a quarter of an hour; what is older than that was issued by a clock that is wrong.
  if [ "$late" -gt 0 ] && [ "$late" -lt 1200000 ]; then
    fail NSPAWN_STALE "a newer change of $owner has been made while this one was on its way (issued $((late / 1000)) s before it), so it was not carried out; run up again, and if this comes back, compare the clocks of the machines that run it"
  fi
  printf '%s\n' "$ISSUED" >"$LOCKS/resource.$key"
}

# A copy whose other end is gone without a word would wait for it for hours, and whoever comes later needs it no more.
end_copy() {
  local copier
  copier=$(cat "$COPYING" 2>/dev/null) || return 0
  say "ending a copy that an earlier run has begun"
  run systemctl stop "$copier.service" || :
}

# shellcheck disable=SC2034 # for another file
step_unlock() { exec 9>&- && LOCKED=""; }
