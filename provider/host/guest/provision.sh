# shellcheck shell=dash
# Runs inside a machine, as its root and by its service manager, in a folder that only root enters: what the host has sent stands
# beside it. `list` has a line for each part, `gone` those that are no longer declared. What it prints last explains a failure; a line
# that begins with `note:` is told as a warning.
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
export PATH HOME LANG DEBIAN_FRONTEND
umask 022
TAB=$(printf '\t')
ROOM=${0%/*}
exec 2>&1

no() { # TEXT
  printf '%s\n' "$1"
  exit 1
}

packages() { # TEXT with their names
  local name missing
  command -v apt-get >/dev/null || no "this machine has no apt-get: packages are for Debian and its derivatives; put them into its image"
  missing=""
  while IFS= read -r name; do
    # shellcheck disable=SC2016 # dpkg's
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then missing="$missing $name"; fi
  done <"$ROOM/$1"
  if [ -z "$missing" ]; then return 0; fi
  # What an end in the middle of it has left.
  dpkg --configure -a --force-confdef --force-confold
  update || { sleep 5 && update; } || no "the lists of packages cannot be had (apt-get update)"
  # shellcheck disable=SC2086 # words
  apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 install $missing
}
update() { apt-get -q -o Acquire::Languages=none -o Acquire::Retries=2 -o APT::Update::Error-Mode=any update; }

# As a user, who may have put a link into its own home: nothing of root's is behind it then.
as_user() { # NAME COMMAND…
  local name
  name=$1
  shift
  cd /
  runuser -u "$name" -- "$@"
}
home_of() { getent passwd "$1" | cut -d : -f 6; } # NAME

user() { # NAME KEYS SHELL GROUPS SUDO PASSWORD
  local uid group
  uid=$(id -u "$1" 2>/dev/null || :)
  if [ -n "$uid" ] && [ "$uid" -lt 1000 ]; then no "$1 is an account of the machine's own system (its number is $uid), and no person's; choose another name"; fi
  if [ ! -x "$3" ]; then no "the machine has no shell $3; add the package that has it to provision.packages"; fi
  if [ -n "$uid" ]; then
    usermod -s "$3" -e '' "$1"
  elif getent group "$1" >/dev/null; then
    useradd -m -s "$3" -g "$1" "$1"
  else
    useradd -m -s "$3" -U "$1"
  fi
  # `*` fits no password, and lets keys log in.
  if [ "$6" = - ]; then printf '%s:*\n' "$1"; else printf '%s:%s\n' "$1" "$(cat "$ROOM/$6")"; fi | chpasswd -e
  if [ "$4" != - ]; then
    for group in $(printf %s "${4#=}" | tr , ' '); do
      if ! getent group "$group" >/dev/null; then groupadd "$group"; fi
    done
    usermod -G "${4#=}" "$1"
  fi
  sudoer "$1" "$5"
  keys "$1" "$2"
}

sudoer() { # NAME yes|no
  if [ "$2" = no ]; then
    rm -f "/etc/sudoers.d/pulumi-nspawn-$1"
    return
  fi
  command -v sudo >/dev/null || no "the machine has no sudo, which $1 is to use; add it to provision.packages"
  printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\n' "$1" >"$ROOM/sudoer"
  put "/etc/sudoers.d/pulumi-nspawn-$1" "$ROOM/sudoer" 0440 root root
}

keys() { # NAME KEYS
  local home
  home=$(home_of "$1")
  if [ ! -d "$home" ]; then no "the home of $1, $home, is no folder in the machine"; fi
  if [ ! -s "$ROOM/$2" ]; then
    as_user "$1" rm -f "$home/.ssh/authorized_keys"
    return
  fi
  # shellcheck disable=SC2016 # for another shell
  as_user "$1" sh -ec 'umask 077; mkdir -p "$1"; new=$1/.pulumi-nspawn.keys; rm -f "$new"; cat >"$new"; mv -fT "$new" "$1/authorized_keys"' sh "$home/.ssh" <"$ROOM/$2"
}

# Nobody logs in as it any more, and its home stays.
user_gone() { # NAME
  local home
  if ! id -u "$1" >/dev/null 2>&1; then return 0; fi
  usermod -L -e 1 "$1"
  rm -f "/etc/sudoers.d/pulumi-nspawn-$1"
  home=$(home_of "$1")
  if [ -d "$home/.ssh" ]; then as_user "$1" rm -f "$home/.ssh/authorized_keys"; fi
  loginctl terminate-user "$1" 2>/dev/null || :
}

# A file as a whole: nobody sees a part of it, or with another owner or mode.
put() { # PATH SOURCE MODE OWNER GROUP
  local folder
  folder=${1%/*}
  if [ -d "$1" ] && [ ! -L "$1" ]; then no "$1 is a folder in the machine, and is to be a file"; fi
  mkdir -p "$folder/"
  NEW=$(mktemp "$folder/.pulumi-nspawn.XXXXXXXX")
  cat "$2" >"$NEW"
  chown "$4:$5" "$NEW"
  chmod "$3" "$NEW"
  sync "$NEW"
  mv -fT "$NEW" "$1"
  NEW=""
}
NEW="" PART=""
# What failed does not always say of what it is.
ended() {
  local code=$?
  if [ -n "$NEW" ]; then rm -f "$NEW"; fi
  if [ "$code" != 0 ] && [ -n "$PART" ]; then printf 'this was for %s\n' "$PART"; fi
  exit "$code"
}
trap ended EXIT

# Without a group it is the owner's own; a number may have no name, and so no group of its own.
file() { # PATH TEXT MODE OWNER GROUP
  local group
  group=$5
  case $group:$4 in
    -:*[!0-9]*) group="" ;;
    -:*) group=$4 ;;
  esac
  put "$1" "$ROOM/$2" "$3" "$4" "$group"
  case $1 in */systemd/*) systemctl daemon-reload ;; esac
}

# What somebody has changed in the machine since is theirs.
file_gone() { # PATH SUM
  if [ ! -f "$1" ]; then return 0; fi
  if [ "$(sha256sum <"$1" | cut -c 1-64)" = "$2" ]; then
    rm -f "$1"
  else
    printf 'note: %s is not declared any more, was changed in the machine, and is left there\n' "$1"
  fi
}

unit_path() { printf '/etc/systemd/system/%s' "$1"; }

start_unit() { # NAME ENABLE
  if [ "$2" = no ]; then
    systemctl disable "$1" || :
    systemctl stop "$1" || :
    return
  fi
  systemctl enable "$1"
  if systemctl restart "$1"; then return 0; fi
  systemctl status --no-pager -l -n 12 "$1" || :
  no "the unit $1 did not start"
}

unit_gone() { # NAME SUM
  systemctl disable --now "$1" || :
  file_gone "$(unit_path "$1")" "$2"
}

each() { # FILE FUNCTION
  local sum part one two three four five
  while IFS=$TAB read -r _ sum part one two three four five; do
    part=${part#* }
    PART=$part
    case $2 in
      packages) packages "$one" ;;
      user) user "$part" "$one" "$two" "$three" "$four" "$five" ;;
      file) file "$part" "$one" "$two" "$three" "$four" ;;
      unit) put "$(unit_path "$part")" "$ROOM/$one" 0644 root root ;;
      start) start_unit "$part" "$two" ;;
      user_gone) user_gone "$part" ;;
      *_gone) "$2" "$part" "$sum" ;;
    esac </dev/null
  done <"$1"
}

case $1 in
  command)
    cd /root 2>/dev/null || cd /
    sh "$ROOM/$2" </dev/null
    ;;
  unit)
    each "$ROOM/list" unit
    systemctl daemon-reload
    each "$ROOM/list" start
    each "$ROOM/gone" unit_gone
    systemctl daemon-reload
    ;;
  *)
    each "$ROOM/list" "$1"
    case $1 in user | file) each "$ROOM/gone" "$1_gone" ;; esac
    ;;
esac
