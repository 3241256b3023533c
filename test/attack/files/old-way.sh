# shellcheck shell=dash disable=SC2034,SC2086,SC2154
# How files in machines' trees were touched until issue 13, for the controls of the attacks on them: taken over as it was at
# commit b2f34ad. Nothing but the attack suite reads this.
set -eu
LC_ALL=C
export LC_ALL
umask 022
cd /
LIBRARY=/var/lib/pulumi-nspawn
OWNERS=$LIBRARY/owners
TREES=/var/lib/machines
INCOMING=$LIBRARY/incoming
TAB=$(printf '\t')
DIR=$1 APPLY_UNIT=attack
now="the start" FAILED="" CHANGED="" MINE="" ADOPT=no ROOT="" FRESH=no guest=0:0 KEEP="" OWNER="nobody" LOCKED="" COPYING=""
PATIENCE=2 TOKEN=none most_tree=8589934592
exec 4>&1 >>"$DIR/log" 2>&1
undo_dead() { :; }
say() { now=$*; printf 'progress\t%s\n' "$*" >&4 2>/dev/null || :; }
warn() { printf 'warning\t%s\n' "$*" >&4 2>/dev/null || :; }
frame() { { printf '%s\t%s\t%s\n' "$1" "$2" "$(wc -c <"$3")" && cat "$3" && printf '\n'; } >&4 2>/dev/null || :; }
complain() { printf '%s\n' "$2" >"$DIR/detail"; frame error "$1" "$DIR/detail"; }
fail() { FAILED=yes; complain "$1" "$2"; exit 1; }
run() { "$@" </dev/null 3<&- 4>&- 7>&- 8>&- 9>&-; }
hold() { printf '%s, since %s, in %s\n' "$OWNER" "$(date -u +%H:%M:%S) UTC" "$APPLY_UNIT" >"$1"; }
step_lock() {
  exec 9<>/run/lock/pulumi-nspawn.lock
  if ! flock -n 9; then
    say "waiting for another change on this host: $(cat /run/lock/pulumi-nspawn.lock)"
    flock -w "$PATIENCE" 9 || fail NSPAWN_BUSY "this host has been in the hands of another change for more than $PATIENCE s: $(cat /run/lock/pulumi-nspawn.lock); wait for it, or look at systemctl status 'pulumi-nspawn-*', and run up again"
  fi
  hold /run/lock/pulumi-nspawn.lock
  LOCKED=yes
  undo_dead
}
await() {
  left=$(($1 * 10))
  shift
  until "$@"; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then return 1; fi
    sleep 0.1
  done
}
room() { # MEGABYTES DIRECTORY
  free=$(($(df -Pk "$2" | awk 'NR == 2 { print $4 }') / 1024))
  if [ "$free" -lt "$1" ]; then fail NSPAWN_DISK_FULL "$2 has $free MB free, at least $1 MB are needed; make room and run up again"; fi
  inodes=$(df -Pi "$2" | awk 'NR == 2 { print $4 }')
  case $inodes in
    '' | - | 0) ;;
    *) if [ "$inodes" -lt 30000 ]; then fail NSPAWN_DISK_FULL "$2 has $inodes inodes free, at least 30000 are needed"; fi ;;
  esac
}
listed() { grep -qxF -e "$1" "$2" 2>/dev/null; }
owner_in() { sed -n "s/^owner$TAB//p" "$1/record" 2>/dev/null | head -n 1; }
unlist() { # LINE LIST
  grep -vxF -e "$1" "$2" >"$2.new" || :
  mv -f "$2.new" "$2"
}
own_guest_path() { if ! listed "$1" "$MINE/files"; then printf '%s\n' "$1" >>"$MINE/files"; fi; }
note_change() {
  case $1 in
    /etc/pulumi-nspawn/filter/*) CHANGED="$CHANGED filter " ;;
    /etc/systemd/networkd.conf.d/*) CHANGED="$CHANGED networkd-restart " ;;
    /etc/systemd/network/*) CHANGED="$CHANGED networkd " ;;
    /etc/systemd/nspawn/*) CHANGED="$CHANGED guest " ;;
    # Takes effect while the machine runs.
    /etc/systemd/system/systemd-nspawn@*/61-pulumi-nspawn.conf) CHANGED="$CHANGED systemd " ;;
    /etc/systemd/system/systemd-nspawn@*) CHANGED="$CHANGED systemd guest " ;;
    /etc/systemd/system/*) CHANGED="$CHANGED systemd " ;;
  esac
}
from_steps() { awk -F "$TAB" -v verb="$1" -v field="$2" '$1 == verb { print $field }' "$DIR/steps"; }
snapshot_tree() {
  tree=$({ from_steps tree 2; from_steps retire 3; } | head -n 1)
  if [ -z "$tree" ]; then return 0; fi
  if [ ! -d "$TREES/$tree" ]; then printf '%s\tabsent\n' "$tree" >"$new/tree"; return 0; fi
  printf '%s\tpresent\n' "$tree" >"$new/tree"
  grep "^$TREES/$tree/" "$DIR/concerned" >"$new/guest.paths" || :
  ROOT=$TREES/$tree guest=$(stat -c %u:%g "$TREES/$tree")
  while IFS= read -r path; do
    inside=${path#"$TREES/$tree"/}
    if ! is_inside "$path"; then continue; fi
    if [ -f "$path" ] || [ -L "$path" ]; then
      mkdir -p "$new/guest/$(dirname "$inside")"
      cp -a "$path" "$new/guest/$inside"
    fi
  done <"$new/guest.paths"
}
is_inside() {
  folder=${1%/*}
  [ "$(realpath -m -- "$folder")" = "$folder" ]
}
same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then [ "$(readlink "$1")" = "$(readlink "$2")" ]; return; fi
  [ -f "$2" ] && cmp -s "$1" "$2" && [ "$(stat -c %a:%u:%g "$1")" = "$(stat -c %a:%u:%g "$2")" ]
}
put_back() { # PATH COPY
  # What was being written beside it.
  rm -f "${1%/*}"/.pulumi-nspawn.*
  if [ -e "$2" ] || [ -L "$2" ]; then
    if same_file "$2" "$1"; then return 0; fi
    mkdir -p "${1%/*}"
    if [ -L "$2" ] || ! ln -T "$2" "${1%/*}/.pulumi-nspawn.undo" 2>/dev/null; then cp -a "$2" "${1%/*}/.pulumi-nspawn.undo"; fi
    mv -fT "${1%/*}/.pulumi-nspawn.undo" "$1"
  elif [ -e "$1" ] || [ -L "$1" ]; then
    rm -f "$1"
  else
    return 0
  fi
  note_change "$1"
}
undo_tree() {
  if [ ! -e "$KEEP/tree" ]; then return 0; fi
  IFS=$TAB read -r tree was <"$KEEP/tree"
  rm -rf --one-file-system "$TREES/.#pulumi-nspawn-$tree"
  if [ -s "$KEEP/moved" ]; then
    IFS=$TAB read -r from to <"$KEEP/moved"
    if [ -d "$to" ] && [ ! -e "$from" ]; then mv -T "$to" "$from"; fi
  fi
  if [ "$was" = absent ]; then
    if listed "$tree" "$MINE/machine"; then rm -rf --one-file-system "$TREES/${tree:?}"; fi
    return 0
  fi
  if [ ! -d "$TREES/$tree" ]; then return 0; fi
  ROOT=$TREES/$tree guest=$(stat -c %u:%g "$TREES/$tree")
  while IFS= read -r path; do
    if is_inside "$path"; then put_back "$path" "$KEEP/guest/${path#"$TREES/$tree"/}"; fi
  done <"$KEEP/guest.paths"
}
drop_path() {
  if [ -e "$MINE/was$1" ] || [ -L "$MINE/was$1" ]; then
    mkdir -p "${1%/*}"
    mv -fT "$MINE/was$1" "$1"
  else
    rm -f "$1"
  fi
  unlist "$1" "$MINE/files"
  note_change "$1"
}
enter_guest() { # PATH, absolute, of the tree as it will be
  inside=${1#"$TREES"/*/}
  parent=$ROOT
  case $inside in */*) parent=$ROOT/${inside%/*} ;; esac
  cd -P "$ROOT"
  rest=$(dirname "$inside")
  while [ "$rest" != . ] && [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest=. ;; esac
    if [ ! -d "$part" ] && [ ! -L "$part" ]; then
      mkdir -m 0755 "$part"
      chown "$guest" "$part"
      if [ "$part" = .ssh ]; then chmod 0700 "$part"; fi
    fi
    cd -P "$part"
  done
  if [ "$(pwd -P)" != "$parent" ]; then
    cd /
    fail NSPAWN_STEP_FAILED "$1 leads through a link inside the machine's tree, and is not written; remove the link in the machine"
  fi
  name=${inside##*/}
}
step_guest_file() { # PATH MODE TEXT
  enter_guest "$1"
  if [ -f "$name" ] && [ ! -L "$name" ] && cmp -s "$DIR/texts/$3" "$name" && [ "$(stat -c 0%a:%u:%g "$name")" = "$2:$guest" ]; then
    cd /
    own_guest_path "$1"
    return 0
  fi
  new=$(mktemp ./.pulumi-nspawn.XXXXXX)
  cat "$DIR/texts/$3" >"$new"
  chmod "$2" "$new"
  chown "$guest" "$new"
  sync "$new"
  mv -fT "$new" "$name"
  cd /
  own_guest_path "$1"
  # What the guest reads only when it starts.
  case $1 in */etc/systemd/* | */etc/hostname) CHANGED="$CHANGED guest " ;; esac
}
step_guest_link() { # PATH TARGET
  enter_guest "$1"
  if [ "$(readlink "$name" 2>/dev/null || :)" != "$2" ]; then
    rm -f ./.pulumi-nspawn.link
    ln -s "$2" ./.pulumi-nspawn.link
    chown -h "$guest" ./.pulumi-nspawn.link
    mv -fT ./.pulumi-nspawn.link "$name"
  fi
  cd /
  own_guest_path "$1"
}
step_guest_password() { # TEXT with the hash
  enter_guest "$TREES/any/etc/shadow"
  if [ ! -f "$name" ] || [ -L "$name" ]; then cd /; fail NSPAWN_STEP_FAILED "the machine's tree has no /etc/shadow to set the root password in"; fi
  new=$(mktemp ./.pulumi-nspawn.XXXXXX)
  chown --reference="$name" "$new"
  chmod --reference="$name" "$new"
  awk -F: -v OFS=: -v from="$DIR/texts/$1" 'BEGIN { getline hash <from } $1 == "root" { $2 = hash; if ($3 == "" || $3 == 0) $3 = 19000 } { print }' "$name" >"$new"
  if cmp -s "$new" "$name"; then rm -f "$new"; else sync "$new"; mv -fT "$new" "$name"; fi
  cd /
}
asked() { sed -n "s/^$1$TAB//p" "$out/records" | sort -u; }
facts_of_files() {
  { asked file; asked machine | sed "s|^|$TREES/|"; } >"$DIR/paths"
  : >"$DIR/safe"
  if [ -s "$DIR/paths" ]; then
    sed 's|/[^/]*$||; s|^$|/|' "$DIR/paths" | xargs -d '\n' realpath -m -- >"$DIR/parents"
    paste -d "$TAB" "$DIR/parents" "$DIR/paths" | awk -F "$TAB" '{ parent = $2; sub("/[^/]*$", "", parent); if (parent == "") parent = "/"; if (index($2, "/var/lib/machines/") != 1 || parent == $1) print $2 }' >"$DIR/inside"
    xargs -a "$DIR/inside" -d '\n' sh -c 'find "$@" -maxdepth 0 \( -type f -o -type l -o -type d \) -size -512k -print' sh >"$DIR/safe" 2>/dev/null || :
  fi
  tar -cPf "$DIR/files.tar" --no-recursion --numeric-owner --ignore-failed-read -T "$DIR/safe" || :
}
staging_of() { printf '%s' "$TREES/.#pulumi-nspawn.$1.incoming"; }
step_incoming() { # KEY MACHINE TEXT with the paths that go
  place=$(staging_of "$2")
  if [ -d "$TREES/$2" ]; then fail NSPAWN_OWNED "$TREES/$2 exists on this host; move it away, or give the machine that comes another machineName"; fi
  if [ ! -d "$TREES" ]; then mkdir -m 0700 "$TREES"; fi
  mkdir -p "$INCOMING"
  if [ ! -d "$place" ]; then
    rm -f "$INCOMING/$2"
    mkdir -m 0700 "$place"
  fi
  base64 -d <"$DIR/texts/$3" >"$DIR/paths"
  if [ -s "$DIR/paths" ]; then (cd "$place" && xargs -0 -a "$DIR/paths" rm -rf --one-file-system --); fi
}
step_receive() { # MACHINE SINCE, the sender's clock when the copy began
  place=$(staging_of "$1")
  if [ ! -e "$INCOMING/$1" ]; then printf '%s\n' "$2" >"$INCOMING/$1"; fi
  : >"$DIR/whole"
  printf '%s\n' "$APPLY_UNIT" >"$COPYING"
  { gzip -dc || rm -f "$DIR/whole"; } |
    systemd-run --quiet --pipe --wait --collect -p ProtectSystem=strict -p "ReadWritePaths=$place" -p PrivateNetwork=yes -p PrivateDevices=no -p UMask=0 -- \
      tar --extract --file=- --directory="$place" --numeric-owner --same-owner --same-permissions --delay-directory-restore --sparse \
      --acls --xattrs --xattrs-include='*' 3<&- 4>&- 7>&- 9>&- || rm -f "$DIR/whole"
  rm -f "$COPYING"
  if [ ! -e "$DIR/whole" ]; then
    if tail -n 20 "$DIR/log" | grep -q 'No space left on device'; then fail NSPAWN_DISK_FULL "the copy of $1 does not fit: $(tail -n 3 "$DIR/log")"; fi
    fail NSPAWN_CONNECTION_LOST "the copy of $1 ended before it was complete: $(tail -n 4 "$DIR/log"); what has come is kept, and the next up goes on from there"
  fi
  printf '%s\n' "$2" >"$INCOMING/$1.new"
  sync "$INCOMING/$1.new"
  mv -f "$INCOMING/$1.new" "$INCOMING/$1"
}
step_send() { # MACHINE TEXT with the paths
  say "copying"
  printf '%s\n' "$APPLY_UNIT" >"$COPYING"
  base64 -d <"$DIR/texts/$2" >"$DIR/paths"
  piece=$DIR/piece
  export piece
  cd "$TREES/$1"
  # shellcheck disable=SC2016
  { { tar --create --file=- --format=posix --null --verbatim-files-from --no-recursion --files-from="$DIR/paths" \
    --numeric-owner --sparse --acls --xattrs --xattrs-include='*' --ignore-failed-read; echo $? >"$DIR/sent"; } | gzip -1 |
    split -b 1M -a 6 --filter='cat >"$piece" && { printf "data\t-\t%s\n" "$(wc -c <"$piece")" && cat "$piece" && printf "\n"; } >&4' - x; } 3<&- 7>&- 9>&- ||
    fail NSPAWN_CONNECTION_LOST "the copy of $1 was not taken up to its end"
  cd /
  rm -f "$COPYING"
  # 1: a file changed while it was read, which the next comparison finds.
  if [ "$(cat "$DIR/sent")" -gt 1 ]; then fail NSPAWN_STEP_FAILED "the tree of $1 could not be read: $(tail -n 6 "$DIR/log")"; fi
}
empty_trash() {
  if [ -d "$LIBRARY/trash" ]; then find "$LIBRARY/trash" -mindepth 1 -maxdepth 1 -mtime +6 -exec rm -rf --one-file-system {} +; fi
}
