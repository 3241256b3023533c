# shellcheck shell=dash
# shellcheck disable=SC2154 # machine and timeout stand before this
# PID 1 of the machine is asked over its bus: who hangs says nothing.
ask() {
  case $(timeout "$timeout" systemctl --machine="$machine" is-system-running 2>/dev/null | head -n 1 | head -c 64) in
    initializing | starting | running | degraded | maintenance | stopping) ;;
    *)
      echo "its service manager does not answer within $timeout s"
      return 1
      ;;
  esac
}

# Who hangs does not shut down. As long as systemd waits for it, 90 s, no other machine of the host starts: what they all need
# first is not started before what stops has stopped.
hurry() {
  local left
  left=20
  while [ "$left" -gt 0 ] && [ "$(of InvocationID)" = "$run" ]; do
    left=$((left - 1))
    sleep 1
  done
  if [ "$(of ActiveState)/$(of InvocationID)" = "deactivating/$run" ]; then systemctl kill -s KILL "$unit"; fi
}
