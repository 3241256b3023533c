# shellcheck shell=dash
# What the program says, on descriptor 4: records of one line, and texts with their length.

PROGRESS="the start" FAILED=""

# A record is one line, whatever a text brings along.
record() { # KIND TEXT
  case $2 in
    *[[:cntrl:]]*) printf '%s\t%s\n' "$1" "$(printf %s "$2" | tr '[:cntrl:]' ' ')" ;;
    *) printf '%s\t%s\n' "$1" "$2" ;;
  esac >&4 2>/dev/null || :
}
# shellcheck disable=SC2034 # for main.sh
say() {
  PROGRESS=$*
  record progress "$*"
}
warn() { record warning "$*"; }
frame() { { printf '%s\t%s\t%s\n' "$1" "$2" "$(wc -c <"$3")" && cat "$3" && printf '\n'; } >&4 2>/dev/null || :; }
complain() {
  printf '%s\n' "$2" >"$DIR/detail"
  frame error "$1" "$DIR/detail"
}
fail() {
  FAILED=yes
  complain "$1" "$2"
  exit 1
}
# The program goes on where it can, and ends as one that failed.
fail_later() {
  FAILED=soft
  complain "$1" "$2"
}
# Whether an end from now on has to be explained.
# shellcheck disable=SC2034 # for finish.sh
explain() { if [ "$1" = no ]; then FAILED=yes; else FAILED=""; fi; }
