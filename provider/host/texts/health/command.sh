# shellcheck shell=dash
# shellcheck disable=SC2154 # machine and timeout stand before this
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
