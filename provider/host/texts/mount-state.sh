# shellcheck shell=dash
file_system_of() { # PLACE
  said=$(findmnt -n -o UUID --mountpoint "$1" 2>/dev/null | tail -n 1)
  [ -n "$said" ] || said=$(findmnt -n -o SOURCE --mountpoint "$1" 2>/dev/null | tail -n 1 | grep -v '^/dev/') || :
  printf %s "${said:--}"
}
mount_state() { # PATH PLACE FILE-SYSTEM
  if [ ! -e "$1" ]; then echo absent; return 0; fi
  place=$(stat -c %m -- "$1")
  case ${place%/}/ in
    "${2%/}/") ;;
    "${2%/}"/*) echo there; return 0 ;;
    *) echo "not mounted: it is on $place, and was on $2"; return 0 ;;
  esac
  is=$(file_system_of "$place")
  case $is:$3 in "$3:$3" | -:* | *:-) echo there ;; *) echo "on another file system of $place: $is, and was on $3" ;; esac
}
