# shellcheck shell=dash
# As root: unpacks what comes first on stdin (a length, a tar archive) into a directory that only root can read, leaves
# the rest of stdin to the program, and runs it there. A program that changes the host runs in a unit of PID 1, which does
# not end with the connection and puts back what an ended program left open.
umask 077
LC_ALL=C
export LC_ALL
no() { # WHY WHAT
  case $1 in
    *"No space left"*) c=NSPAWN_DISK_FULL ;;
    *) c=NSPAWN_STEP_FAILED ;;
  esac
  say "$c" "$2, so nothing was changed: $1"
}
d=$(mktemp -d /run/pulumi-nspawn.XXXXXXXX 2>&1) || no "$d" "there is no room for the program"
{ IFS= read -r n && m=$(head -c "$n" | tar -xf - -C "$d" 2>&1); } || {
  rm -rf "$d"
  no "$m" "the program could not be unpacked"
}
printf "%s\n" "$1" >"$d/login"
printf "%s\n" "$2" >"$d/user"
limit=$(sed -n "s/^limit //p" "$d/call")
if [ -z "$limit" ] || [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then
  exec sh "$d/script" "$d"
fi
u=pulumi-nspawn-${d##*.}
systemd-run --quiet --collect --pipe --unit="$u" --description="A change by pulumi-nspawn" -p RuntimeMaxSec="$limit" -p TimeoutStopSec=900 -p ExecStopPost="-/bin/sh /var/lib/pulumi-nspawn/script --end $u" sh "$d/script" "$d" 2>"$d/why"
s=$?
m=$(cat "$d/why" 2>/dev/null)
# Who has begun has a log, and takes the folder away.
if [ -d "$d" ] && [ ! -e "$d/log" ]; then
  rm -rf "$d"
  no "$m" "systemd-run did not start the program"
fi
printf %s "$m" >&2
rm -rf "$d"
exit "$s"
