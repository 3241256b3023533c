# shellcheck shell=dash
# Reports a failure as a program would. In the locale C a length is in bytes, whatever the shell.
say() { # CODE TEXT
  LC_ALL=C
  printf "error\t%s\t%s\n%s\n" "$1" "${#2}" "$2"
  exit 1
}
