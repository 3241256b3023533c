#!/bin/sh
# by pulumi-nspawn
machine=web timeout=3 retries=5 start_period=0 action=none
set -- '8080' '/it'\''s?up'
serve='use strict; use warnings; use Errno; use Socket qw(:DEFAULT inet_pton AF_INET6);
my ($port, $path, $seconds, @addresses) = @ARGV;
$| = 1;
for my $server (@addresses) {
  my $six = $server =~ /:/;
  my $address = inet_pton($six ? AF_INET6 : AF_INET, $server) // next;
  my $said = "is silent";
  # What never ends is ended, whoever is to blame.
  local $SIG{ALRM} = sub { die "late\n" };
  eval {
    alarm $seconds;
    socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die "no socket: $!\n";
    if (!connect($socket, $six ? Socket::pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address))) { $said = $!{ECONNREFUSED} ? "refuses" : "is not reached" }
    elsif ($path eq "-") { $said = "answers" }
    else {
      my $host = $six ? "[$server]" : $server;
      syswrite($socket, "GET $path HTTP/1.0\r\nHost: $host:$port\r\nUser-Agent: pulumi-nspawn\r\nConnection: close\r\n\r\n");
      my $answer = "";
      while (length $answer < 4096 && $answer !~ /\n/) { sysread($socket, $answer, 4096, length $answer) or last }
      $said = $answer !~ m{^HTTP/1\.[01] ([0-9]{3})\b} ? "speaks no HTTP" : $1 < 400 ? "answers" : "says $1";
    }
    alarm 0;
  };
  alarm 0;
  print "$server $said\n";
  last if $said eq "answers";
}
'
# Asked by the host's own programs in the machine's network namespace, so that no filter in between has a say: on its addresses,
# else on itself.
ask() { # PORT PATH
  local leader addresses said
  leader=$(timeout 10 machinectl show "$machine" -p Leader --value 2>/dev/null) || leader=0
  addresses=$(timeout 5 nsenter -t "${leader:-0}" -n ip -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }' | head -n 8)
  said=$(timeout -k 1 "$timeout" nsenter -t "${leader:-0}" -n perl -e "$serve" "$1" "$2" "$timeout" ${addresses:-127.0.0.1 ::1} 2>/dev/null | paste -sd, | sed 's/,/, /g')
  case $said in *" answers") return 0 ;; esac
  echo "port $1: ${said:-no answer within $timeout s}"
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
