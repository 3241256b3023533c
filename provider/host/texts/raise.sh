# shellcheck shell=dash
raise() { # SETTING LEAST
  file=/proc/sys/$(echo "$1" | tr . /)
  now=$(cat "$file" 2>/dev/null) || return 0
  case $now in '' | *[!0-9]*) return 0 ;; esac
  [ "$now" -ge "$2" ] || echo "$2" 2>/dev/null >"$file" || :
}
