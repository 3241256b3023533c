# shellcheck shell=dash
# Kernel settings: exact ones of a file, and limits that are raised where they are lower.

setting_file() { printf '/proc/sys/%s' "$(printf %s "$1" | tr ./ /.)"; }
setting_now() { tr '\t' ' ' <"$1"; } 2>/dev/null
set_setting() { printf '%s\n' "$2" >"$1"; } 2>/dev/null

step_sysctls() {
  local path="$1" limits="$2"
  local key value
  # Lines are "key = value".
  sed -n 's/^\([A-Za-z0-9_./-]*\) *= *\(.*\)$/\1 \2/p' "$path" >"$DIR/sysctls"
  sed -n 's/^raise \([a-z0-9_.]*\) \([0-9]*\)$/\1 \2/p' "$limits" >"$DIR/limits"
  : >"$MINE/unsettable"
  while read -r key value; do set_exactly "$key" "$value"; done <"$DIR/sysctls"
  while read -r key value; do raise "$key" "$value"; done <"$DIR/limits"
  # Settings that are no longer wanted go back.
  cp "$MINE/sysctls" "$DIR/sysctls.was"
  while IFS=$TAB read -r key value; do
    if ! grep -q -e "^$key " "$DIR/sysctls" "$DIR/limits"; then restore_sysctl "$key" "$value"; fi
  done <"$DIR/sysctls.was"
}

remember_setting() { # KEY VALUE
  if ! grep -q "^$1$TAB" "$MINE/sysctls"; then printf '%s\t%s\n' "$1" "$2" >>"$MINE/sysctls"; fi
}

# Told, and a difference in each refresh.
unsettable() { # KEY VALUE WHY
  printf '%s\n' "$1" >>"$MINE/unsettable"
  warn "sysctls: $1 = $2 is not in force: $3"
}

set_exactly() { # KEY VALUE
  local file before now
  file=$(setting_file "$1")
  if [ ! -e "$file" ]; then
    case $1 in
      # Of a kernel without IPv6 nothing is forwarded, and nothing is missing.
      net.ipv6.conf.all.*) if [ ! -e /proc/sys/net/ipv6 ]; then
        printf '%s\n' "$1" >>"$MINE/unsettable"
        return 0
      fi ;;
    esac
    unsettable "$1" "$2" "the kernel $(uname -r) has no such setting; have the module that brings it loaded at boot (modules-load.d) and run up again, or leave it out"
    return 0
  fi
  if ! before=$(setting_now "$file"); then
    unsettable "$1" "$2" "it cannot be read, so nobody could tell; leave it out"
    return 0
  fi
  remember_setting "$1" "$before"
  not_raised "$1"
  if [ "$before" = "$2" ]; then return 0; fi
  if ! set_setting "$file" "$2"; then
    unsettable "$1" "$2" "the host does not let it be set, it stays $before"
    return 0
  fi
  now=$(setting_now "$file") || now="silent"
  if [ "$now" != "$2" ]; then unsettable "$1" "$2" "the kernel makes $now of it; write it as the kernel does"; fi
}

# What is as high already, or is no number, is left alone.
raise() { # KEY LEAST
  local file before
  file=$(setting_file "$1")
  before=$(setting_now "$file") || return 0
  case $before in '' | *[!0-9]*) return 0 ;; esac
  if [ "$before" -ge "$2" ]; then return 0; fi
  remember_setting "$1" "$before"
  if set_setting "$file" "$2"; then
    not_raised "$1"
    printf '%s\t%s\n' "$1" "$2" >>"$MINE/raised"
  else
    warn "the host does not let $1 be raised: it is $before, and $2 would be good for hundreds of machines"
  fi
}

not_raised() { # KEY
  if ! grep -qs "^$1$TAB" "$MINE/raised"; then return 0; fi
  grep -v "^$1$TAB" "$MINE/raised" >"$MINE/raised.new" || :
  mv -f "$MINE/raised.new" "$MINE/raised"
}

# A limit that somebody has changed since is theirs.
restore_sysctl() { # KEY VALUE
  local file raised
  if others_need "sysctl$TAB$1" || others_need "limit$TAB$1"; then return 0; fi
  file=$(setting_file "$1")
  raised=$(sed -n "s/^$1$TAB//p" "$MINE/raised" 2>/dev/null | tail -n 1) || raised=""
  if [ -z "$raised" ] || [ "$(setting_now "$file")" = "$raised" ]; then set_setting "$file" "$2" || :; fi
  grep -v "^$1$TAB" "$MINE/sysctls" >"$MINE/sysctls.new" || :
  mv -f "$MINE/sysctls.new" "$MINE/sysctls"
}
