# shellcheck shell=dash
# The frame: where output goes, how failures are told, the lock.
set -eu
LC_ALL=C DEBIAN_FRONTEND=noninteractive
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL DEBIAN_FRONTEND PATH
umask 022
cd /
HOME=/root
export HOME
unset PERL5LIB PERL5OPT PERL_UNICODE

# Read or written by other files.
# shellcheck disable=SC2034
{
  LIBRARY=/var/lib/pulumi-nspawn
  OWNERS=$LIBRARY/owners
  TREES=/var/lib/machines
  TAB=$(printf '\t')
  BEGAN=$(date +%s)
  PROGRESS="the start" FAILED="" CHANGED="" MINE="" ADOPT=no MISSING="" WANTED="" ROOT="" FRESH=no TAINTED=no
  KEEP="" FORMER=- BURIED="" LEAVING=no OWNER="nobody" LOCKED="" PARTIAL=""
  # What belongs to this call and not to the plan. Seconds, and the milliseconds at which the caller issued it.
  WINDOW=90 PATIENCE=120 ISSUED=0 TOKEN=none
  # DIR: a program; --end UNIT: what a unit left open; --boot: what a power cut left open.
  MODE=program
  case $1 in
    --*)
      MODE=${1#--} APPLY_UNIT=${2:-}
      DIR=$(mktemp -d /run/pulumi-nspawn.XXXXXXXX)
      : >"$DIR/fields"
      : >"$DIR/steps"
      ;;
    *)
      DIR=$1 APPLY_UNIT=pulumi-nspawn-${1##*.}
      ;;
  esac
  # SSH_CONNECTION of the login: from where, to where.
  LOGIN=$(cat "$DIR/login" 2>/dev/null || :)
}

# shellcheck disable=SC2034
read_call() { # FILE
  local name value
  while read -r name value; do
    case $name in
      window) WINDOW=$value ;;
      patience) PATIENCE=$value ;;
      issued) ISSUED=$value ;;
      token) TOKEN=$value ;;
    esac
  done <"$1"
}
if [ -r "$DIR/call" ]; then read_call "$DIR/call"; fi

# Everything that commands print goes to a log that only root can read; the report has a descriptor of its own.
exec 4>&1 >>"$DIR/log" 2>&1

# A record is one line, whatever a text brings along.
record() { # KIND TEXT
  case $2 in
    *[[:cntrl:]]*) printf '%s\t%s\n' "$1" "$(printf %s "$2" | tr '[:cntrl:]' ' ')" ;;
    *) printf '%s\t%s\n' "$1" "$2" ;;
  esac >&4 2>/dev/null || :
}
say() {
  PROGRESS=$*
  record progress "$*"
}
warn() { record warning "$*"; }
frame() { { printf '%s\t%s\t%s\n' "$1" "$2" "$(wc -c <"$3")" && cat "$3" && printf '\n'; } >&4 2>/dev/null || :; }
complain() {
  printf '%s\n' "$2" >"$DIR/detail"
  frame error "$1" "$DIR/detail"
}
fail() {
  FAILED=yes
  complain "$1" "$2"
  exit 1
}

# Called at every end. An end without a word of its own is explained by the newest lines of the log.
finish() {
  local status=$? code
  trap - EXIT
  set +e
  if [ "$status" -ne 0 ] && [ -z "$FAILED" ]; then
    code=NSPAWN_STEP_FAILED
    if tail -n 20 "$DIR/log" | grep -q 'No space left on device'; then code=NSPAWN_DISK_FULL; fi
    complain "$code" "\"$PROGRESS\" failed: $(tail -n 12 "$DIR/log")"
  fi
  # An open transaction at the end is one that did not succeed.
  if [ -n "$KEEP" ] && [ -d "$KEEP" ]; then
    if undo "$KEEP"; then printf 'rolled-back\n' >&4 2>/dev/null; else complain NSPAWN_ROLLED_BACK "not everything could be put back, see $KEEP on the host: $(cat "$DIR/unlike")"; fi
    (
      set +e
      tell_facts "${KEEP##*/}"
    )
  fi
  if [ -n "$MINE" ] && [ -d "$MINE" ] && [ ! -s "$MINE/files" ] && [ ! -e "$MINE/machine" ] && [ "$TAINTED" = no ]; then rm -rf "$MINE"; fi
  if [ -n "$PARTIAL" ]; then discard_partial; fi
  rm -rf "$DIR"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
# A lost connection does not stop half-way: the host goes on to the end of the program.
trap '' HUP PIPE

# For commands that may leave something running: it must hold neither the channel nor the lock.
run() { "$@" </dev/null 3<&- 4>&- 7>&- 8>&- 9>&-; }

# Locks are files whose text says who holds them. Nobody but root can open one: who can read it, can hold it.
LOCKS=/run/pulumi-nspawn-locks
HOST_LOCK=$LOCKS/host
open_host_lock() { make_locks && exec 9<>"$HOST_LOCK"; }
make_locks() { mkdir -m 0700 "$LOCKS" 2>/dev/null || [ -d "$LOCKS" ]; }
hold() { printf '%s, since %s, in %s\n' "$OWNER" "$(date -u +%H:%M:%S) UTC" "$APPLY_UNIT" >"$1"; }
step_lock() {
  open_host_lock
  if ! flock -n 9; then
    say "waiting for another change on this host: $(cat "$HOST_LOCK")"
    flock -w "$PATIENCE" 9 || fail NSPAWN_BUSY "this host has been in the hands of another change for more than $PATIENCE s: $(cat "$HOST_LOCK"); wait for it, or look at systemctl status 'pulumi-nspawn-*', and run up again"
  fi
  hold "$HOST_LOCK"
  LOCKED=yes
  undo_dead
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

# await SECONDS COMMAND…: until it succeeds, ten times a second.
await() {
  local left
  left=$(($1 * 10))
  shift
  until "$@"; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then return 1; fi
    sleep 0.1
  done
}

megabytes_free() { echo $(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') / 1024)); } # DIRECTORY

room() { # MEGABYTES DIRECTORY
  local free inodes
  free=$(megabytes_free "$2")
  if [ "$free" -lt "$1" ]; then fail NSPAWN_DISK_FULL "$2 has $free MB free, at least $1 MB are needed; make room and run up again"; fi
  inodes=$(df -Pi "$2" | awk 'NR == 2 { print $4 }')
  case $inodes in
    '' | - | 0) ;;
    *) if [ "$inodes" -lt 30000 ]; then fail NSPAWN_DISK_FULL "$2 has $inodes inodes free, at least 30000 are needed"; fi ;;
  esac
}
