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
library=/var/lib/pulumi-nspawn
owners=$library/owners
trees=/var/lib/machines
tab=$(printf '\t')
began=$(date +%s)
now="the start" failed="" changed="" mine="" adopt=no missing="" wanted="" root="" fresh=no tainted=no
keep="" former=- buried="" leaving=no owner="nobody" locked="" partial=""

# DIR: a program; --end UNIT: what a unit left open; --boot: what a power cut left open.
mode=program
case $1 in
  --*)
    mode=${1#--} apply_unit=${2:-}
    dir=$(mktemp -d /run/pulumi-nspawn.XXXXXXXX)
    : >"$dir/steps"
    ;;
  *)
    dir=$1 apply_unit=pulumi-nspawn-${1##*.}
    ;;
esac

# What belongs to this call and not to the plan. Seconds, and the milliseconds at which the caller issued it.
window=90 patience=120 issued=0 token=none
# SSH_CONNECTION of the login: from where, to where.
login=$(cat "$dir/login" 2>/dev/null || :)
if [ -r "$dir/call" ]; then
  while read -r name value; do
    case $name in
      window) window=$value ;;
      patience) patience=$value ;;
      issued) issued=$value ;;
      token) token=$value ;;
    esac
  done <"$dir/call"
fi

# Everything that commands print goes to a log that only root can read; the report has a descriptor of its own.
exec 4>&1 >>"$dir/log" 2>&1

# A record is one line, whatever a text brings along.
record() { # KIND TEXT
  case $2 in
    *[[:cntrl:]]*) printf '%s\t%s\n' "$1" "$(printf %s "$2" | tr '[:cntrl:]' ' ')" ;;
    *) printf '%s\t%s\n' "$1" "$2" ;;
  esac >&4 2>/dev/null || :
}
say() { now=$*; record progress "$*"; }
warn() { record warning "$*"; }
frame() { { printf '%s\t%s\t%s\n' "$1" "$2" "$(wc -c <"$3")" && cat "$3" && printf '\n'; } >&4 2>/dev/null || :; }
complain() { printf '%s\n' "$2" >"$dir/detail"; frame error "$1" "$dir/detail"; }
fail() { failed=yes; complain "$1" "$2"; exit 1; }

# Called at every end. An end without a word of its own is explained by the newest lines of the log.
finish() {
  status=$?
  trap - EXIT
  set +e
  if [ "$status" -ne 0 ] && [ -z "$failed" ]; then
    code=NSPAWN_STEP_FAILED
    if tail -n 20 "$dir/log" | grep -q 'No space left on device'; then code=NSPAWN_DISK_FULL; fi
    complain "$code" "\"$now\" failed: $(tail -n 12 "$dir/log")"
  fi
  # An open transaction at the end is one that did not succeed.
  if [ -n "$keep" ] && [ -d "$keep" ]; then
    if undo "$keep"; then printf 'rolled-back\n' >&4 2>/dev/null; else complain NSPAWN_ROLLED_BACK "not everything could be put back, see $keep on the host: $(cat "$dir/unlike")"; fi
    (set +e; tell_facts "${keep##*/}")
  fi
  if [ -n "$mine" ] && [ -d "$mine" ] && [ ! -s "$mine/files" ] && [ ! -e "$mine/machine" ] && [ "$tainted" = no ]; then rm -rf "$mine"; fi
  if [ -n "$partial" ]; then discard_partial; fi
  rm -rf "$dir"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
# A lost connection does not stop half-way: the host goes on to the end of the program.
trap '' HUP PIPE

# For commands that may leave something running: it must hold neither the channel nor the lock.
run() { "$@" </dev/null 3<&- 4>&- 7>&- 8>&- 9>&-; }

# Locks are files whose text says who holds them. Nobody but root can open one: who can read it, can hold it.
locks=/run/pulumi-nspawn-locks
host_lock=$locks/host
open_host_lock() { make_locks && exec 9<>"$host_lock"; }
make_locks() { mkdir -p -m 0700 "$locks"; }
hold() { printf '%s, since %s, in %s\n' "$owner" "$(date -u +%H:%M:%S) UTC" "$apply_unit" >"$1"; }
step_lock() {
  open_host_lock
  if ! flock -n 9; then
    say "waiting for another change on this host: $(cat "$host_lock")"
    flock -w "$patience" 9 || fail NSPAWN_BUSY "this host has been in the hands of another change for more than $patience s: $(cat "$host_lock"); wait for it, or look at systemctl status 'pulumi-nspawn-*', and run up again"
  fi
  hold "$host_lock"
  locked=yes
  undo_dead
}
# One program at a time for one resource, and none that was issued before the newest: it may have been long on its way.
step_own() { # KEY OWNER
  owner=$2 copying=$locks/resource.$1.copy
  make_locks
  exec 7<>"$locks/resource.$1"
  if ! flock -n 7; then
    end_copy
    say "waiting for an earlier run that is still at work on this resource"
    flock -w 1800 7 || fail NSPAWN_BUSY "an earlier run on $2 has not ended for 30 minutes; look at systemctl status 'pulumi-nspawn-*'"
  fi
  newest=$(cat "$locks/resource.$1")
  late=$((${newest:-0} - issued))
  # TCP gives up after a quarter of an hour; what is older than that was issued by a clock that is wrong.
  if [ "$late" -gt 0 ] && [ "$late" -lt 1200000 ]; then
    fail NSPAWN_STALE "a newer change of $2 has been made while this one was on its way (issued $((late / 1000)) s before it), so it was not carried out; run up again, and if this comes back, compare the clocks of the machines that run it"
  fi
  printf '%s\n' "$issued" >"$locks/resource.$1"
}

# A copy whose other end is gone without a word would wait for it for hours, and whoever comes later needs it no more.
end_copy() {
  copier=$(cat "$copying" 2>/dev/null) || return 0
  say "ending a copy that an earlier run has begun"
  run systemctl stop "$copier.service" || :
}

step_unlock() { exec 9>&- && locked=""; }

# await SECONDS COMMAND…: until it succeeds, ten times a second.
await() {
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
  free=$(megabytes_free "$2")
  if [ "$free" -lt "$1" ]; then fail NSPAWN_DISK_FULL "$2 has $free MB free, at least $1 MB are needed; make room and run up again"; fi
  inodes=$(df -Pi "$2" | awk 'NR == 2 { print $4 }')
  case $inodes in
    '' | - | 0) ;;
    *) if [ "$inodes" -lt 30000 ]; then fail NSPAWN_DISK_FULL "$2 has $inodes inodes free, at least 30000 are needed"; fi ;;
  esac
}
