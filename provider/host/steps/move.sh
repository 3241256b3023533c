# shellcheck shell=dash
# A machine on its way to another host: what each host knows of it, the copy of its tree, the going and the coming back.

INCOMING=$LIBRARY/incoming

# Where the copy of a tree grows. A machine's name has no dot, so it is nobody's tree; nothing starts from it.
staging_of() { printf '%s' "$TREES/.#pulumi-nspawn.$1.incoming"; }
# Says where the machine went, and keeps every start of it from succeeding as long as it is there.
departure_of() { printf '%s' "/etc/systemd/system/systemd-nspawn@$1.service.d/70-pulumi-nspawn-moved.conf"; }
destination_in() { sed -n 's/^# moved to //p' "$1" 2>/dev/null | head -n 1; }

# A machine that is on its way, or that has arrived elsewhere, is not touched by whoever does not know that.
step_at_home() {
  local machine="$1"
  local note
  note=$(departure_of "$machine")
  if [ ! -e "$note" ]; then return 0; fi
  fail NSPAWN_MOVING "the machine $machine is on its way to $(destination_in "$note"), or runs there already: an earlier move was not completed. Give it that host in the program and run up: the move goes on where it stopped. Only if that host is gone for good: remove $note on this host, and run up again"
}

step_whereabouts() {
  local key="$1" machine="$2"
  local unit_name room
  unit_name=systemd-nspawn@$machine.service
  room=$TREES
  if [ ! -d "$room" ]; then room=/var/lib; fi
  {
    printf 'host\t%s %s\n' "$(cat /etc/machine-id)" "$(cat /proc/sys/kernel/random/boot_id)"
    if listed "$machine" "$OWNERS/$key/machine"; then printf 'ours\tyes\n'; fi
    if [ -d "$TREES/$machine" ]; then printf 'tree\tyes\n'; fi
    if [ -d "$(staging_of "$machine")" ]; then printf 'since\t%s\n' "$(cat "$INCOMING/$machine" 2>/dev/null || echo 0)"; fi
    if [ -s "$OWNERS/$key/provisioned" ]; then printf 'provisioned\t%s\n' "$(base64 -w 0 <"$OWNERS/$key/provisioned")"; fi
    printf 'active\t%s\n' "$(systemctl is-active "$unit_name" || :)"
    printf 'moved\t%s\n' "$(destination_in "$(departure_of "$machine")")"
    printf 'free\t%s\n' "$(df -Pk "$room" | awk 'NR == 2 { print $4 }')"
  } >"$DIR/whereabouts"
  frame result whereabouts "$DIR/whereabouts"
}

# Everything in a tree but its contents: what has to be sent is found by comparing two of these.
step_catalogue() {
  local machine="$1" place="$2"
  local folder
  folder=$TREES/$machine
  if [ "$place" = incoming ]; then folder=$(staging_of "$machine"); fi
  say "comparing the two trees"
  {
    printf '%s\0' "$(date +%s)"
    if [ -d "$folder" ]; then list_tree "$folder" || : >"$DIR/unlisted"; fi
  } | {
    head -c "$MOST_CATALOGUE"
    if [ "$(head -c 1 | wc -c)" != 0 ]; then : >"$DIR/endless"; fi
  } | gzip -1 >"$DIR/catalogue.gz"
  if [ -e "$DIR/endless" ]; then fail NSPAWN_STEP_FAILED "the list of the files in $folder is longer than $((MOST_CATALOGUE / 1048576)) MB; a machine of so many files cannot be moved"; fi
  # In a running machine files come and go.
  if [ -e "$DIR/unlisted" ] && ! systemctl -q is-active "systemd-nspawn@$machine.service"; then
    fail NSPAWN_STEP_FAILED "$folder cannot be read as a whole: $(tail -n 4 "$DIR/log")"
  fi
  frame result catalogue "$DIR/catalogue.gz"
}
# A machine's root may make as many files as the disk takes; the list is kept in memory.
MOST_CATALOGUE=268435456
list_tree() { within "$1" find tree ! -type s -printf '%y\t%m\t%U\t%G\t%s\t%b\t%T@\t%C@\t%n\t%i\0%P\0%l\0'; }

# The paths' attributes and contents as data frames. Sent compressed, in pieces, so that the report goes on between them.
step_send() { # MACHINE TEXT with the paths
  local machine="$1" paths="$2"
  local piece
  say "copying"
  printf '%s\n' "$APPLY_UNIT" >"$COPYING"
  base64 -d <"$DIR/texts/$paths" >"$DIR/paths"
  piece=$DIR/piece
  export piece
  # shellcheck disable=SC2016
  { {
    within "$TREES/$machine" tar --create --file=- --format=posix --directory=tree --null --verbatim-files-from --no-recursion --files-from=- \
      --numeric-owner --sparse --acls --xattrs --xattrs-include='user.*' --xattrs-include=security.capability --ignore-failed-read <"$DIR/paths"
    echo $? >"$DIR/sent"
  } | gzip -1 |
    split -b 1M -a 6 --filter='cat >"$piece" && { printf "data\t-\t%s\n" "$(wc -c <"$piece")" && cat "$piece" && printf "\n"; } >&4' - x; } 3<&- 7>&- 9>&- ||
    fail NSPAWN_CONNECTION_LOST "the copy of $machine was not taken up to its end"
  rm -f "$COPYING"
  # 1: a file changed while it was read, which the next comparison finds.
  if [ "$(cat "$DIR/sent")" -gt 1 ]; then fail NSPAWN_STEP_FAILED "the tree of $machine could not be read: $(tail -n 6 "$DIR/log")"; fi
}

step_incoming() { # KEY MACHINE TEXT with the paths that go
  local machine="$2" paths="$3"
  local place
  place=$(staging_of "$machine")
  if [ -d "$TREES/$machine" ]; then fail NSPAWN_OWNED "$TREES/$machine exists on this host; move it away, or give the machine that comes another machineName"; fi
  if [ ! -d "$TREES" ]; then mkdir -m 0700 "$TREES"; fi
  mkdir -p "$INCOMING"
  if [ ! -d "$place" ]; then
    rm -f "$INCOMING/$machine"
    need_storage
    new_tree "$place"
    chmod 0700 "$place"
  fi
  base64 -d <"$DIR/texts/$paths" >"$DIR/paths"
  if [ -s "$DIR/paths" ]; then within "$place" sh -c 'cd tree && exec xargs -0 rm -rf --' <"$DIR/paths"; fi
}

# Passes on what comes, as long as it leaves the host room: who sends could do so for ever.
while_room() { # MEGABYTES DIRECTORY DIRECTORY, until $DIR/poured is there
  until [ -e "$DIR/poured" ]; do
    if [ "$(megabytes_free "$2")" -lt "$1" ] || [ "$(megabytes_free "$3")" -lt "$1" ]; then
      : >"$DIR/full"
      return 1
    fi
    dd bs=1M count=16 iflag=fullblock status=none
  done
  cat
}

# Unpacks what comes on standard input. The host that sends is not trusted, nor is what a machine there made of its tree.
step_receive() { # MACHINE SINCE, the sender's clock when the copy began
  local machine="$1" since="$2"
  local place
  place=$(staging_of "$machine")
  if [ ! -e "$INCOMING/$machine" ]; then printf '%s\n' "$since" >"$INCOMING/$machine"; fi
  : >"$DIR/whole"
  printf '%s\n' "$APPLY_UNIT" >"$COPYING"
  {
    gzip -dc || rm -f "$DIR/whole"
    : >"$DIR/poured"
  } | { while_room 192 "$place" "$LIBRARY" || rm -f "$DIR/whole"; } |
    (umask 0 && within "$place" tar --extract --file=- --directory=tree --numeric-owner --same-owner --same-permissions \
      --delay-directory-restore --sparse --acls --xattrs --xattrs-include='user.*' --xattrs-include=security.capability) ||
    rm -f "$DIR/whole"
  rm -f "$COPYING"
  if [ ! -e "$DIR/whole" ]; then
    if [ -e "$DIR/full" ] || tail -n 20 "$DIR/log" | grep -q 'No space left on device'; then fail NSPAWN_DISK_FULL "the copy of $machine does not fit: $(tail -n 3 "$DIR/log")"; fi
    fail NSPAWN_CONNECTION_LOST "the copy of $machine ended before it was complete: $(tail -n 4 "$DIR/log"); what has come is kept, and the next up goes on from there"
  fi
  printf '%s\n' "$since" >"$INCOMING/$machine.new"
  sync "$INCOMING/$machine.new"
  mv -f "$INCOMING/$machine.new" "$INCOMING/$machine"
}

# First it can't start any more, not by a reboot and not by hand, then it stops.
step_depart() {
  local machine="$2" destination="$3"
  local unit_name note
  unit_name=systemd-nspawn@$machine.service note=$(departure_of "$machine")
  say "stopping on the old host"
  if [ ! -e "$note" ]; then
    mkdir -p "${note%/*}"
    printf '%s\n' "# moved to $destination" '[Unit]' "AssertPathExists=!$note" >"$note.new"
    sync "$note.new"
    mv -f "$note.new" "$note"
    sync "${note%/*}"
    systemctl daemon-reload
  fi
  run systemctl disable "$unit_name"
  run systemctl stop "$unit_name"
  case $(systemctl is-active "$unit_name" || :) in
    inactive | failed) ;;
    *) fail NSPAWN_STEP_FAILED "the machine $machine does not stop: $(systemctl status --no-pager -n 5 "$unit_name" 2>&1 | tail -n 8)" ;;
  esac
}

clear_departure() {
  local note
  note=$(departure_of "$1")
  if [ ! -e "$note" ]; then return 0; fi
  rm -f "$note"
  sync "${note%/*}"
  systemctl daemon-reload
}

# Taken back on the old host: as it was before it departed.
step_return() {
  local machine="$1" enabled="$2" running="$3"
  local unit_name
  unit_name=systemd-nspawn@$machine.service
  say "starting on the old host again"
  clear_departure "$machine"
  if [ "$enabled" = yes ]; then run systemctl enable "$unit_name"; fi
  if [ "$running" = yes ]; then start_unit start "$machine"; fi
}

# The old host's part is over. The name is free for a machine that comes later.
step_departed() {
  local machine="$1"
  clear_departure "$machine"
}

step_arrive() {
  local machine="$1"
  local place
  if [ -d "$TREES/$machine" ] && listed "$machine" "$MINE/machine"; then return 0; fi
  if [ -d "$TREES/$machine" ]; then fail NSPAWN_OWNED "$TREES/$machine exists on this host; move it away, or give the machine that comes another machineName"; fi
  place=$(staging_of "$machine")
  if [ ! -d "$place" ]; then fail NSPAWN_STEP_FAILED "$place is not there any more; run up again"; fi
  say "taking the machine in"
  sync -f "$place"
  # Taken back, it is a copy again.
  printf '%s\t%s\n' "$place" "$TREES/$machine" >"$KEEP/moved"
  sync "$KEEP/moved"
  printf '%s\n' "$machine" >"$MINE/machine"
  mv -T "$place" "$TREES/$machine"
}

# The change stands: there is no copy any more.
step_arrived() {
  local machine="$1"
  rm -f "$INCOMING/$machine"
  rmdir "$INCOMING" 2>/dev/null || :
}

# It did not come up here: its tree is a copy again, which nothing starts. What a start changed in it is sent anew.
step_withdraw() {
  local key="$1" machine="$2"
  local unit_name tree
  unit_name=systemd-nspawn@$machine.service tree=$TREES/$machine
  say "taking back what was begun on the new host"
  run systemctl disable "$unit_name" 2>/dev/null || :
  run systemctl stop "$unit_name" 2>/dev/null || :
  systemctl reset-failed "$unit_name" 2>/dev/null || :
  if systemctl -q is-active "$unit_name"; then fail NSPAWN_STEP_FAILED "the machine $machine does not stop"; fi
  if [ ! -d "$OWNERS/$key" ]; then return 0; fi
  as_owner "$OWNERS/$key"
  taint
  if ! listed "$machine" "$MINE/machine"; then return 0; fi
  if [ -d "$tree" ]; then
    mkdir -p "$INCOMING"
    printf '0\n' >"$INCOMING/$machine"
    sync "$INCOMING/$machine"
    discard "$(staging_of "$machine")"
    mv -T "$tree" "$(staging_of "$machine")"
  fi
  grep -v "^$tree/" "$MINE/files" >"$MINE/files.new" || :
  mv -f "$MINE/files.new" "$MINE/files"
  rm -f "$MINE/machine"
}
