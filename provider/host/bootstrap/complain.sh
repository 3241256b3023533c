# shellcheck shell=dash
# Says a failure to a person.
say() { # CODE TEXT
  printf "%s [%s]\n" "$2" "$1" >&2
  exit 125
}
