# shellcheck shell=dash
# Who logs in: the keys of one user, written as a whole.

# The files that sshd reads for a user, the one that is written first.
key_files() { # USER
  local from names name
  LOGIN_HOME=$(getent passwd "$1" | cut -d : -f 6)
  from=${LOGIN%% *}
  names=$(sshd -T -C "user=$1,host=localhost,addr=${from:-127.0.0.1}" 2>/dev/null | sed -n 's/^authorizedkeysfile //p')
  case $names in '' | none) names='.ssh/authorized_keys .ssh/authorized_keys2' ;; esac
  for name in $names; do
    name=$(printf '%s\n' "$name" | sed "s|%h|$LOGIN_HOME|g; s|%u|$1|g; s|%%|%|g")
    case $name in /*) printf '%s\n' "$name" ;; *) printf '%s\n' "$LOGIN_HOME/$name" ;; esac
  done
}

# The lines that sshd takes for keys, of all these files.
keys_of() { # USER
  local path
  # As sshd does: with the user's own rights, and a FIFO is no file.
  key_files "$1" | while IFS= read -r path; do
    as_user "$1" dd if="$path" iflag=nonblock,fullblock bs=256k count=1 status=none </dev/null || :
    echo
  done | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^#/d; /^$/d'
}

# What makes a key the same key, whatever options and comment are around it.
blobs() { grep -o 'AAAA[A-Za-z0-9+/]*=*' "$1" || :; }

# As the user, in its own folder: a link that it has put there leads root nowhere.
as_user() { # USER COMMAND…
  local account
  account=$1
  shift
  setpriv --reuid="$account" --regid="$(id -g "$account")" --init-groups "$@" 3<&- 4>&- 7>&- 8>&- 9>&-
}

step_authorized_keys() {
  local user="$1" text="$2"
  local record first path line
  if ! getent passwd "$user" >/dev/null; then fail NSPAWN_INVALID_INPUT "the host has no user $user whose authorizedKeys could be set; correct ssh.user"; fi
  # shellcheck disable=SC2013 # words
  for record in $(grep -lxF -e "login$TAB$user" "$OWNERS"/*/record); do
    if [ "$record" != "$MINE/record" ] && [ "$ADOPT" = no ]; then
      fail NSPAWN_OWNED "the keys of $user belong to $(owner_in "${record%/record}"); leave authorizedKeys to one of the two"
    fi
  done
  keys_of "$user" >"$DIR/keys.found"
  grep -v '^#' "$DIR/texts/$text" >"$DIR/keys.wanted"
  if [ "$(sort -u "$DIR/keys.found")" = "$(sort -u "$DIR/keys.wanted")" ]; then return 0; fi
  say "writing the keys that log in as $user"
  key_files "$user" >"$DIR/keys.files"
  first=$(head -n 1 "$DIR/keys.files")
  case $first in
    "$LOGIN_HOME"/*) as_user "$user" sh -ec "$WRITE_KEYS" sh "$first" <"$DIR/texts/$text" ;;
    *) mkdir -p "${first%/*}" && sh -ec "$WRITE_KEYS" sh "$first" <"$DIR/texts/$text" && chmod 0644 "$first" ;;
  esac
  sed 1d "$DIR/keys.files" | while IFS= read -r path; do
    if [ ! -e "$path" ]; then continue; fi
    case $path in "$LOGIN_HOME"/*) as_user "$user" rm -f "$path" </dev/null ;; *) rm -f "$path" ;; esac
  done
  blobs "$DIR/keys.wanted" >"$DIR/blobs.wanted"
  while IFS= read -r line; do
    printf '%s\n' "$line" >"$DIR/key"
    if blobs "$DIR/key" | grep -qxF -f "$DIR/blobs.wanted"; then continue; fi
    warn "this key does not log in as $user any more: $(ssh-keygen -lf "$DIR/key" || printf '%.60s' "$line")"
  done <"$DIR/keys.found"
}

# sshd reads whole files only: the new one takes the old one's place at once.
# shellcheck disable=SC2016 # for another shell
WRITE_KEYS='umask 077; mkdir -p "${1%/*}"; new=${1%/*}/.pulumi-nspawn.keys; cat >"$new"; sync "$new"; mv -fT "$new" "$1"'

facts_of_logins() {
  local user
  # shellcheck disable=SC2154 # the caller's
  asked login | while IFS= read -r user; do keys_of "$user" | sed "s/^/$user$TAB/"; done >"$out/logins"
}
