#!/bin/sh
# by pulumi-nspawn
machine=web timeout=5 retries=3 start_period=60 action=restart
set -- '/usr/bin/check' 'it'\''s' '$$HOME %i'
# The machine's service manager runs it, and ends it. What it prints goes to the machine's own journal and never comes here.
ask() { # WORD…
  local said code
  said=$({
    timeout -k 1 "$timeout" systemd-run -q -M "$machine" --unit=pulumi-nspawn-health --uid=root --collect --wait \
      -p RuntimeMaxSec="$timeout" -p TimeoutStopSec=1 -p SyslogLevel=notice -p LogLevelMax=notice -- "$@" 2>&1 </dev/null
    echo " code $?"
  } | tail -c 200)
  code=${said##* code }
  case $code in
    0) return 0 ;;
    124 | 137) echo "the command did not end within $timeout s" ;;
    *) echo "the command ended with exit code $code${said% code *}" ;;
  esac
  return 1
}

# It may take as long as systemd gives it to end.
hurry() { :; }
# One check. What is known of the machine is in /run, for `pulumi-nspawn ls`. A machine that is stopped, or that a change is at
# work on, is not judged, and none is ever started here.
set -u
umask 077
LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unit=systemd-nspawn@$machine.service locks=/run/pulumi-nspawn-locks
known=/run/pulumi-nspawn-health/$machine new=/run/pulumi-nspawn-health/.$machine
of() { timeout 10 systemctl show -p "$1" --value "$unit"; }
was() { sed -n "s/^$1 //p" "$known" 2>/dev/null; }
run_of() { if [ "$(of ActiveState)" = active ]; then of InvocationID; fi; }

# What its own changes hold as long as they last.
lock=""
for list in /var/lib/pulumi-nspawn/owners/*/machine; do
  if [ "$(cat "$list" 2>/dev/null)" = "$machine" ]; then lock=${list%/machine} lock=$locks/resource.${lock##*/}; fi
done
changing() { [ -e "$lock" ] && ! flock -n "$lock" true; }

remember() { # STATE FAILURES WHY
  local since
  since=$now
  if [ "$(was state)" = "$1" ] && [ "$(was run)" = "$run" ]; then since=$(was since); else printf '<5>%s is %s%s\n' "$machine" "$1" "${3:+: $3}" >&2; fi
  {
    printf '%s %s\n' run "$run" state "$1" since "$since" checked "$now" failures "$2" retries "$retries" restarts "$restarts" restarted "$restarted"
    printf 'why %s\n' "$3"
  } >"$new"
  mv -f "$new" "$known"
}

# Not in the middle of a change of this host. Of what is not active, and with this mode of what somebody is about to stop,
# try-restart keeps away.
begin_anew() { # try-restart|start
  if [ -z "$lock" ]; then return 1; fi
  mkdir -m 0700 "$locks" 2>/dev/null || [ -d "$locks" ] || return 1
  exec 7<>"$lock" 9<>"$locks/host"
  if ! flock -n 7 || ! flock -n 9 || [ "$(run_of)" != "$run" ]; then return 1; fi
  printf 'the health check of the machine %s\n' "$machine" >"$locks/host"
  systemctl --no-block --job-mode=fail "$1" "$unit" || return 1
  exec 7>&- 9>&-
}

run=$(run_of)
# What was begun here is ended: right after a kill the start of a restart may fail, and nobody else would try it again.
if [ -z "$run" ] && [ "$(was state)" = restarting ] && [ "$(of ActiveState)" = failed ] && ! changing; then
  begin_anew start || :
  exit 0
fi
if [ -z "$run" ] || changing; then exit 0; fi
begun=$(of ActiveEnterTimestampMonotonic)
well=no
if why=$(ask "$@"); then well=yes; fi
if [ "$(run_of)" != "$run" ] || changing; then exit 0; fi
# A machine has a say in it.
why=$(printf %s "$why" | tr '\n\t' '  ' | tr -cd ' -~' | head -c 200)
now=$(date +%s) state=starting failures=0
if [ "$(was run)" = "$run" ]; then state=$(was state) failures=$(was failures); fi
restarts=$(was restarts) restarted=$(was restarted)
restarts=${restarts:-0} restarted=${restarted:-0}
read -r up _ </proc/uptime
if [ "$well" = yes ]; then
  remember healthy 0 ""
elif [ "$state" = starting ] && [ $((${up%.*} - begun / 1000000)) -lt "$start_period" ]; then
  remember starting 0 "$why"
elif [ $((failures + 1)) -lt "$retries" ]; then
  remember failing $((failures + 1)) "$why"
elif [ "$action" = restart ] && begin_anew try-restart; then
  restarts=$((restarts + 1)) restarted=$now
  remember restarting $((failures + 1)) "$why"
  hurry
else
  remember unhealthy $((failures + 1)) "$why"
fi
