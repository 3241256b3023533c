# shellcheck shell=dash
# Putting everything back. It may itself be interrupted and begin again: the copies stay until it is complete.

same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then
    [ "$(readlink "$1")" = "$(readlink "$2")" ]
    return
  fi
  [ -f "$2" ] && cmp -s "$1" "$2" && [ "$(stat -c %a:%u:%g "$1")" = "$(stat -c %a:%u:%g "$2")" ]
}

# The copy is linked into place, not copied: a full disk does not hinder it.
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

# Under the host's lock, or it would take back what others change meanwhile; better without than never. In a shell of
# its own: nothing in it ends the program that it cleans up after.
undo() {
  local undone
  if [ -n "$LOCKED" ] || [ "$MODE" = boot ]; then
    (undo_all "$1")
    return
  fi
  open_host_lock
  if flock -w 400 9; then hold "$HOST_LOCK"; fi
  undone=0
  if [ -d "$1" ]; then (undo_all "$1") || undone=1; fi
  exec 9>&-
  return "$undone"
}

# The lock of a program that was killed is free before its end has put anything back: nobody builds on what it left.
undo_dead() {
  local open
  if [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then return 0; fi
  for open in "$TRANSACTIONS"/*/unit; do
    if [ ! -e "$open" ] || [ "$(cat "$open")" = "$APPLY_UNIT" ]; then continue; fi
    if systemctl -q is-active "$(cat "$open").service"; then continue; fi
    undo "${open%/unit}" || warn "an interrupted change could not be put back; see ${open%/unit} on the host"
  done
}

undo_all() { # FOLDER of a transaction
  local key tree was path copy name
  set +e
  keep_in "$1"
  forget_changed
  key=${1##*/} tree="" was=""
  as_owner "$OWNERS/$key"
  trap - EXIT
  say "putting everything back"
  rm -f "$KEEP/reserve"
  mv -T "$KEEP/applied" "$KEEP/expired" 2>/dev/null
  if [ -d "$KEEP/leaving" ]; then
    rm -rf "$MINE"
    mv -T "$KEEP/leaving" "$MINE"
  fi
  undo_new_units
  while IFS= read -r path; do put_back "$path" "$KEEP/before$path"; done <"$KEEP/paths"
  undo_tree
  undo_quota
  undo_storage
  for copy in "$KEEP"/others/*; do
    if [ -e "$copy" ]; then
      name=${copy##*/}
      cp -a "$copy" "$OWNERS/${name%%.*}/${name#*.}"
    fi
  done
  undo_directories
  undo_owner
  # One that stands in the place of a unit of the system's would else be started as that.
  if [ "$MODE" = boot ]; then systemctl daemon-reload; fi
  undo_units_enabled
  if [ "$MODE" = boot ]; then
    # Settings are new at each boot; the files that say them are read after the guard.
    systemctl daemon-reload
    undo_uplinks
  else
    undo_live
  fi
  if [ -e "$KEEP/net" ] && [ "$MODE" != boot ] && ! is_as_before; then return 1; fi
  close_transaction && end_finished "$FINISHED/$key"
  leave_nothing
}

# Units that came with the change, while their files are there: without a file a unit cannot be disabled.
undo_new_units() {
  local name file _
  while IFS=$TAB read -r name file _; do
    if [ "$file" != - ] || [ ! -e "/etc/systemd/system/$name" ]; then continue; fi
    run systemctl disable -- "$name"
    stop_unit "$name"
  done <"$KEEP/units"
}

# What it was is in the file that is back.
undo_quota() {
  local tree was
  if [ ! -e "$KEEP/tree" ] || [ -n "$(lacks_quotas)" ]; then return 0; fi
  IFS=$TAB read -r tree was <"$KEEP/tree"
  if [ -d "$TREES/$tree" ]; then settle_quota "$tree"; fi
}

undo_tree() {
  local tree was from to
  if [ ! -e "$KEEP/tree" ]; then return 0; fi
  IFS=$TAB read -r tree was <"$KEEP/tree"
  discard "$TREES/.#pulumi-nspawn-$tree"
  if [ -s "$KEEP/moved" ]; then
    IFS=$TAB read -r from to <"$KEEP/moved"
    if [ -d "$to" ] && [ ! -e "$from" ]; then mv -T "$to" "$from"; fi
  fi
  if [ "$was" = absent ]; then
    if listed "$tree" "$MINE/machine"; then discard "$TREES/${tree:?}"; fi
    return 0
  fi
  if [ ! -d "$TREES/$tree" ]; then return 0; fi
  # A version before has whole paths in the list.
  sed "s|^$TREES/$tree/||" "$KEEP/guest.paths" >"$DIR/guest.paths"
  tree_pl restore "$TREES/$tree" "$KEEP/guest" <"$DIR/guest.paths"
}

# Directories that the change made, innermost first.
undo_directories() {
  local path
  if [ ! -e "$MINE/made" ]; then return 0; fi
  touch "$DIR/made.before"
  if [ -e "$KEEP/owner/made" ]; then cp "$KEEP/owner/made" "$DIR/made.before"; fi
  grep -vxF -f "$DIR/made.before" "$MINE/made" | sed '1!G;h;$!d' | while IFS= read -r path; do rmdir "$path" 2>/dev/null; done
  if [ ! -e "$KEEP/owner/made" ]; then return 0; fi
  grep '^/etc/' "$KEEP/owner/made" | while IFS= read -r path; do if [ ! -d "$path" ]; then mkdir -p "$path"; fi; done
}

# Packages stay, and so does the memory of which ones we brought.
undo_owner() {
  local list
  touch "$DIR/installed.now"
  if [ -s "$MINE/installed" ]; then
    cp "$MINE/installed" "$DIR/installed.now"
    cp "$MINE/record" "$DIR/record.now"
  fi
  rm -rf "$MINE"
  if [ -e "$KEEP/former" ]; then
    as_owner "$OWNERS/$(cat "$KEEP/former")"
    rm -rf "$MINE"
  fi
  if [ -d "$KEEP/owner" ]; then
    cp -a "$KEEP/owner" "$MINE"
  elif [ -s "$DIR/installed.now" ]; then
    mkdir "$MINE"
    for list in files made units sysctls; do : >"$MINE/$list"; done
    cp "$DIR/record.now" "$MINE/record"
  fi
  if [ -s "$DIR/installed.now" ]; then sort -u "$DIR/installed.now" >"$MINE/installed"; fi
}

# A boot has read what was there before, and is about to start that.
undo_units_enabled() {
  local name file active now folders
  while IFS=$TAB read -r name file active; do
    now=$(systemctl is-enabled -- "$name" 2>/dev/null)
    case $MODE:$file:$now in
      boot:enabled:enabled | boot:disabled:disabled) ;;
      boot:enabled:*) run systemctl --no-block start -- "$name" ;;
      boot:disabled:enabled | boot:-:enabled) stop_unit "$name" ;;
    esac
  done <"$KEEP/units"
  folders=$UNIT_FOLDERS
  if [ "$MODE" = boot ]; then folders=/etc/systemd/system; fi
  if [ -e "$KEEP/unit-names" ]; then put_links "$KEEP/unit-names" "$KEEP/unit-links" "$folders"; fi
}

undo_live() {
  local name file active now
  if [ -e "$KEEP/net" ]; then undo_links; fi
  case $CHANGED in *" systemd "* | *" guest "*) systemctl daemon-reload ;; esac
  undo_networkd
  undo_meshes
  undo_peers
  case $CHANGED in *" filter "*) undo_filters ;; esac
  undo_settings
  undo_uplinks
  if [ -e "$KEEP/net" ]; then
    await 5 is_as_before || undo_net
    undo_nft
  fi
  undo_clients
  if [ -x /etc/pulumi-nspawn/uplink ]; then run sh /etc/pulumi-nspawn/uplink; fi
  undo_taken
  while IFS=$TAB read -r name file active; do
    now=$(systemctl is-active -- "$name")
    case $active:$now in
      active:active) ;;
      active:*)
        systemctl reset-failed -- "$name" 2>/dev/null
        run systemctl start -- "$name"
        ;;
      inactive:active | failed:active) stop_unit "$name" ;;
    esac
  done <"$KEEP/units"
}

# A client ends with what it takes for the end of its link (dhcpcd: of a port, whose addresses it takes along when it gets to it,
# which may be after all of this): it is ended first, and nobody would renew the lease. So is one whose link was down or had
# another MAC address. dhcpcd has given up its lease by then, or asks with that address; when no server answers, it puts a default
# route of its own (IPv4LL) in the place of the one that was restored.
undo_clients() {
  local link
  if [ ! -e "$KEEP/clients" ]; then return 0; fi
  while IFS= read -r link; do
    if has_link "$link" && [ -z "$(clients_of "$link")" ]; then start_client "$link"; fi
  done <"$KEEP/clients"
}

undo_networkd() {
  local name
  if ! systemctl -q is-active systemd-networkd.service; then return 0; fi
  # It would read what was kept asleep.
  if grep -qE "^systemd-networkd.service$TAB.*$TAB(inactive|failed)$" "$KEEP/units"; then
    stop_unit systemd-networkd.service
    return 0
  fi
  case $CHANGED in
    *" networkd-restart "*) systemctl restart systemd-networkd.service ;;
    *" networkd "*)
      networkctl reload
      # A port that came up while its bridge went away is given up by networkd, which reads no lease for it any more.
      for name in $(failed_links); do networkctl reconfigure "$name" || :; done
      # A bridge of ours that was deleted is made again only when networkd starts.
      if [ -e "$KEEP/net" ] && ! await 1 has_links; then
        systemctl restart systemd-networkd.service
        await 10 has_links
      fi
      ;;
  esac
}

failed_links() { networkctl list --no-legend --no-pager | awk '$NF == "failed" { print $2 }'; }
has_links() {
  local link
  sed -n 's/^link \([^ ]*\) .*/\1/p' "$KEEP/net" | while read -r link; do has_link "$link" || return 1; done
}

undo_settings() {
  local line file value
  if [ ! -s "$KEEP/settings" ]; then return 0; fi
  while IFS= read -r line; do
    file=${line%%:*} value=${line#*:}
    if [ -w "$file" ] && [ "$(cat "$file" 2>/dev/null)" != "$value" ]; then printf '%s\n' "$value" 2>/dev/null >"$file"; fi
  done <"$KEEP/settings"
}

# Links that the change made go; the others get back their master, size, address and state.
undo_links() {
  local name _ up mtu master mac
  undo_tunnels
  net_state | sed -n 's/^link //p' | while read -r name _; do
    if ! grep -q "^link $name " "$KEEP/net" && from_journal "$name"; then ip link delete dev "$name"; fi
  done
  sed -n 's/^link //p' "$KEEP/net" | while read -r name up mtu master mac; do
    if ! has_link "$name" || [ "$(net_state | grep "^link $name ")" = "link $name $up $mtu $master $mac" ]; then continue; fi
    if [ "$master" != - ]; then
      ip link set dev "$name" master "$master"
    else
      if is_dhcpcds "$name"; then signal_clients KILL "$name"; fi
      ip link set dev "$name" nomaster
    fi
    ip link set dev "$name" mtu "$mtu"
    if [ "$mac" != - ] && [ "$name" != lo ]; then set_mac "$name" "$mac" "$up"; else ip link set dev "$name" "$up"; fi
  done
}

# A tunnel with other ends than before is made again by networkd.
undo_tunnels() {
  local name rest
  tunnel_state | grep -vxF -f "$KEEP/net" | while read -r _ name rest; do ip link delete dev "$name"; done
}
undo_meshes() {
  local file mesh
  for file in /etc/systemd/network/10-wg-*.netdev; do
    mesh=${file##*/10-} mesh=${mesh%.netdev}
    if is_mesh_name "$mesh" && has_link "$mesh"; then settle_mesh "$mesh"; fi
  done
}
undo_peers() {
  local file tunnel
  for file in /etc/systemd/network/10-vx-*.network; do
    if [ ! -e "$file" ]; then continue; fi
    tunnel=${file##*/10-} tunnel=${tunnel%.network}
    if has_link "$tunnel"; then settle_peers "$tunnel"; fi
  done
}

# Neighbours that have learnt another MAC address meanwhile would keep it for half a minute: the kernel tells them.
set_mac() { # LINK MAC up|down
  local file value
  grep -sH '' "/proc/sys/net/ipv4/conf/$1/arp_notify" "/proc/sys/net/ipv6/conf/$1/ndisc_notify" >"$DIR/notify" || :
  while IFS=: read -r file _; do echo 1 >"$file" || :; done <"$DIR/notify"
  ip link set dev "$1" address "$2" 2>/dev/null
  ip link set dev "$1" "$3"
  while IFS=: read -r file value; do echo "$value" >"$file" || :; done <"$DIR/notify"
}

# A link that this change asked networkd for.
from_journal() { listed "$1" "$KEEP/links"; }

undo_net() {
  local kind name rest first family
  undo_links
  ip addr restore <"$KEEP/addr"
  is_as_before
  sed -n 's/^new: //p' "$DIR/unlike" >"$DIR/net.extra"
  while read -r kind name rest; do
    if [ "$kind" = addr ]; then ip addr del "$rest" dev "$name"; fi
  done <"$DIR/net.extra"
  while read -r kind first rest; do
    # shellcheck disable=SC2086 # words
    case $kind in
      route[46]) ip "-${kind#route}" route del $first $rest ;;
      rule[46]) ip "-${kind#rule}" rule del $rest pref "${first%:}" ;;
    esac
  done <"$DIR/net.extra"
  net_state | grep -vxF -f - "$KEEP/net" | while read -r kind first rest; do
    # shellcheck disable=SC2086 # words
    case $kind in rule[46]) ip "-${kind#rule}" rule add $rest pref "${first%:}" ;; esac
  done
  for family in 4 6; do restore_routes "-$family" "$KEEP/route$family"; done
  await 10 is_as_before
}

# What the change took out of its way, the newest first. Gone again meanwhile, such as with its link: then it stays away.
undo_taken() {
  local command
  if [ ! -e "$KEEP/taken" ]; then return 0; fi
  # shellcheck disable=SC2086 # words
  sed '1!G;h;$!d' "$KEEP/taken" | while read -r command; do ip $command; done
}

undo_nft() {
  if [ ! -e "$KEEP/nft" ] || [ "$(nft -s list ruleset | without_traffic)" = "$(without_traffic <"$KEEP/nft")" ]; then return 0; fi
  {
    printf 'flush ruleset\n'
    cat "$KEEP/nft"
  } >"$DIR/nft.before"
  nft -f "$DIR/nft.before"
}

# Both ways: what is missing, and what is too much; but links that others made meanwhile, and what is on them, are theirs.
is_as_before() {
  net_state >"$DIR/net.now"
  {
    grep '^link ' "$KEEP/net" | cut -d ' ' -f 2
    cat "$KEEP/links"
  } >"$DIR/links.known"
  sed -n 's/^link \([^ ]*\) .*/\1/p' "$DIR/net.now" | grep -vxF -f "$DIR/links.known" >"$DIR/links.foreign"
  {
    grep -vxF -f "$DIR/net.now" "$KEEP/net" | sed 's/^/missing: /'
    grep -vxF -f "$KEEP/net" "$DIR/net.now" | sed 's/^/new: /' | awk -v file="$DIR/links.foreign" '
      BEGIN { while ((getline name <file) > 0) foreign[name] = 1 }
      { for (i = 2; i < NF; i++) if (($i == "dev" || $i == "link" || $i == "addr") && $(i + 1) in foreign) next; print }'
  } >"$DIR/unlike"
  [ ! -s "$DIR/unlike" ]
}

# The end of a unit that left something open: it was killed, or ran too long.
end_of_unit() { # UNIT
  local open
  open_host_lock
  if flock -w 400 9; then have_host_lock; fi
  for open in "$TRANSACTIONS"/*/; do
    open=${open%/}
    if [ "$(cat "$open/unit" 2>/dev/null)" = "$1" ]; then
      undo "$open" && printf 'rolled-back\n' >&4
      complain NSPAWN_ROLLED_BACK "the program on the host was ended before its change was complete"
    fi
  done
  for open in "$FINISHED"/*/; do
    if [ "$(cat "$open/unit" 2>/dev/null)" = "$1" ]; then end_finished "${open%/}"; fi
  done
  leave_nothing
}

# At boot, before the network: nobody else is at work.
at_boot() {
  local open
  rm -rf "$TRANSACTIONS"/.[!.]*
  for open in "$TRANSACTIONS"/*/; do
    if [ -d "$open" ]; then undo "${open%/}"; fi
  done
  for open in "$FINISHED"/*/; do
    if [ -d "$open" ]; then end_finished "${open%/}"; fi
  done
  leave_nothing
}

# What a committed change has still to take away. Packages are removed by the program alone: an owner that brought some
# comes back, for the next removal.
end_finished() { # FOLDER
  local bridge
  if [ -e "$1/bridges" ]; then sort -u "$1/bridges" | while IFS= read -r bridge; do close_uplinks "$bridge"; done; fi
  if [ -s "$1/buried" ]; then discard "$(cat "$1/buried")"; fi
  if [ -d "$1/leaving" ]; then
    as_owner "$1/leaving"
    if [ -s "$MINE/installed" ] && ! others; then mv -T "$MINE" "$OWNERS/${1##*/}"; else
      drop_directories /
      hand_on_directories
      hand_on_packages
    fi
  fi
  rm -rf "$1"
}

# After the last resource of all.
leave_nothing() {
  if [ ! -d "$LIBRARY" ] || find "$OWNERS" "$TRANSACTIONS" "$FINISHED" -mindepth 1 -maxdepth 1 2>/dev/null | grep -q .; then return 0; fi
  drop_guard
  step_storage_left
  rm -rf "$TRANSACTIONS" "$FINISHED" "$OWNERS" "$LIBRARY/images" "$LIBRARY/script"
  rmdir "$LIBRARY/trash" "$LIBRARY" 2>/dev/null || :
}
