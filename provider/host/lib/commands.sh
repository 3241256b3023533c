# shellcheck shell=dash
# Commands that are waited for, and room for what they write.

# For commands that may leave something running: it must hold neither the channel nor the lock.
run() { "$@" </dev/null 3<&- 4>&- 7>&- 8>&- 9>&-; }

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

room() { # MEGABYTES DIRECTORY ADVICE
  local free inodes
  free=$(megabytes_free "$2")
  # It gives back what was deleted when it writes next.
  if [ "$free" -lt "$1" ] && [ "$(stat -f -c %T "$2")" = btrfs ] && command -v btrfs >/dev/null; then
    run btrfs -q filesystem sync "$2" || :
    free=$(megabytes_free "$2")
  fi
  if [ "$free" -lt "$1" ]; then fail NSPAWN_DISK_FULL "$2 has $free MB free, at least $1 MB are needed; ${3:-make room and run up again}"; fi
  inodes=$(df -Pi "$2" | awk 'NR == 2 { print $4 }')
  case $inodes in
    '' | - | 0) ;;
    *) if [ "$inodes" -lt 30000 ]; then fail NSPAWN_DISK_FULL "$2 has $inodes inodes free, at least 30000 are needed"; fi ;;
  esac
}
