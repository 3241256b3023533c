# shellcheck shell=dash
# Runs the steps one after the other, or puts back what another run left; each inspects, acts where needed, and looks again.
set -eu
LC_ALL=C DEBIAN_FRONTEND=noninteractive
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL DEBIAN_FRONTEND PATH
umask 022
cd /
HOME=/root
export HOME
unset PERL5LIB PERL5OPT PERL_UNICODE

# Read by other files.
# shellcheck disable=SC2034
{
  BEGAN=$(date +%s)
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

trap finish EXIT
trap 'exit 130' INT TERM
# A lost connection does not stop half-way: the host goes on to the end of the program.
trap '' HUP PIPE

# What the program does.
main() {
  local count verb one two three four five six seven
  count=0
  while IFS=$TAB read -r verb one two three four five six seven <&3; do
    count=$((count + 1))
    if [ -n "$KEEP" ]; then printf '%s %s\n' "$count" "$verb" >>"$KEEP/journal"; fi
    "step_$verb" "$one" "$two" "$three" "$four" "$five" "$six" "$seven"
  done 3<"$DIR/steps"
}
case $MODE in
  end) end_of_unit "$APPLY_UNIT" ;;
  boot) at_boot ;;
  *)
    main
    if [ "$FAILED" = soft ]; then exit 1; fi
    printf 'end\n' >&4 2>/dev/null || :
    ;;
esac
exit 0
