# shellcheck shell=dash
# Putting everything back. It may itself be interrupted and begin again: the copies stay until it is complete.

same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then [ "$(readlink "$1")" = "$(readlink "$2")" ]; return; fi
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
  if [ -n "$locked" ] || [ "$mode" = boot ]; then (undo_all "$1"); return; fi
  open_host_lock
  if flock -w 400 9; then hold "$host_lock"; fi
  undone=0
  if [ -d "$1" ]; then (undo_all "$1") || undone=1; fi
  exec 9>&-
  return "$undone"
}

# The lock of a program that was killed is free before its end has put anything back: nobody builds on what it left.
undo_dead() {
  if [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then return 0; fi
  for open in "$transactions"/*/unit; do
    if [ ! -e "$open" ] || [ "$(cat "$open")" = "$apply_unit" ]; then continue; fi
    if systemctl -q is-active "$(cat "$open").service"; then continue; fi
    undo "${open%/unit}" || warn "an interrupted change could not be put back; see ${open%/unit} on the host"
  done
}

undo_all() { # FOLDER of a transaction
  set +e
  keep=$1 key=${1##*/} changed="" tree="" was=""
  mine=$owners/$key
  trap - EXIT
  say "putting everything back"
  rm -f "$keep/reserve"
  mv -T "$keep/applied" "$keep/expired" 2>/dev/null
  if [ -d "$keep/leaving" ]; then rm -rf "$mine"; mv -T "$keep/leaving" "$mine"; fi
  undo_new_units
  while IFS= read -r path; do put_back "$path" "$keep/before$path"; done <"$keep/paths"
  undo_tree
  for copy in "$keep"/others/*; do
    if [ -e "$copy" ]; then name=${copy##*/}; cp -a "$copy" "$owners/${name%%.*}/${name#*.}"; fi
  done
  undo_directories
  undo_owner
  undo_units_enabled
  if [ "$mode" = boot ]; then
    # Settings are new at each boot; the files that say them are read after the guard.
    systemctl daemon-reload
    undo_uplinks
  else
    undo_live
  fi
  if [ -e "$keep/net" ] && [ "$mode" != boot ] && ! is_as_before; then return 1; fi
  close_transaction && end_finished "$finished/$key"
  leave_nothing
}

# Units that came with the change, while their files are there: without a file a unit cannot be disabled.
undo_new_units() {
  while IFS=$tab read -r name file _; do
    if [ "$file" != - ] || [ ! -e "/etc/systemd/system/$name" ]; then continue; fi
    run systemctl disable -- "$name"
    stop_unit "$name"
  done <"$keep/units"
}

undo_tree() {
  if [ ! -e "$keep/tree" ]; then return 0; fi
  IFS=$tab read -r tree was <"$keep/tree"
  discard "$trees/.#pulumi-nspawn-$tree"
  if [ -s "$keep/moved" ]; then
    IFS=$tab read -r from to <"$keep/moved"
    if [ -d "$to" ] && [ ! -e "$from" ]; then mv -T "$to" "$from"; fi
  fi
  if [ "$was" = absent ]; then
    if listed "$tree" "$mine/machine"; then discard "$trees/${tree:?}"; fi
    return 0
  fi
  if [ ! -d "$trees/$tree" ]; then return 0; fi
  # A version before has whole paths in the list.
  sed "s|^$trees/$tree/||" "$keep/guest.paths" >"$dir/guest.paths"
  tree_pl restore "$trees/$tree" "$keep/guest" <"$dir/guest.paths"
}

# Directories that the change made, innermost first.
undo_directories() {
  if [ ! -e "$mine/made" ]; then return 0; fi
  touch "$dir/made.before"
  if [ -e "$keep/owner/made" ]; then cp "$keep/owner/made" "$dir/made.before"; fi
  grep -vxF -f "$dir/made.before" "$mine/made" | sed '1!G;h;$!d' | while IFS= read -r path; do rmdir "$path" 2>/dev/null; done
  if [ ! -e "$keep/owner/made" ]; then return 0; fi
  grep '^/etc/' "$keep/owner/made" | while IFS= read -r path; do if [ ! -d "$path" ]; then mkdir -p "$path"; fi; done
}

# Packages stay, and so does the memory of which ones we brought.
undo_owner() {
  touch "$dir/installed.now"
  if [ -s "$mine/installed" ]; then cp "$mine/installed" "$dir/installed.now"; cp "$mine/record" "$dir/record.now"; fi
  rm -rf "$mine"
  if [ -e "$keep/former" ]; then mine=$owners/$(cat "$keep/former"); rm -rf "$mine"; fi
  if [ -d "$keep/owner" ]; then
    cp -a "$keep/owner" "$mine"
  elif [ -s "$dir/installed.now" ]; then
    mkdir "$mine"
    for list in files made units sysctls; do : >"$mine/$list"; done
    cp "$dir/record.now" "$mine/record"
  fi
  if [ -s "$dir/installed.now" ]; then sort -u "$dir/installed.now" >"$mine/installed"; fi
}

# A boot has read what was there before, and is about to start that.
undo_units_enabled() {
  while IFS=$tab read -r name file active; do
    now=$(systemctl is-enabled -- "$name" 2>/dev/null)
    case $mode:$file:$now in
      boot:enabled:enabled | boot:disabled:disabled) ;;
      boot:enabled:*) run systemctl --no-block start -- "$name" ;;
      boot:disabled:enabled | boot:-:enabled) stop_unit "$name" ;;
    esac
  done <"$keep/units"
  folders=$unit_folders
  if [ "$mode" = boot ]; then folders=/etc/systemd/system; fi
  if [ -e "$keep/unit-names" ]; then put_links "$keep/unit-names" "$keep/unit-links" "$folders"; fi
}

undo_live() {
  if [ -e "$keep/net" ]; then undo_links; fi
  case $changed in *" systemd "* | *" guest "*) systemctl daemon-reload ;; esac
  undo_networkd
  case $changed in *" filter "*) undo_filters ;; esac
  undo_settings
  undo_uplinks
  if [ -e "$keep/net" ]; then
    await 5 is_as_before || undo_net
    undo_nft
  fi
  undo_clients
  if [ -x /etc/pulumi-nspawn/uplink ]; then run sh /etc/pulumi-nspawn/uplink; fi
  undo_taken
  while IFS=$tab read -r name file active; do
    now=$(systemctl is-active -- "$name")
    case $active:$now in
      active:active) ;;
      active:*) systemctl reset-failed -- "$name" 2>/dev/null; run systemctl start -- "$name" ;;
      inactive:active | failed:active) stop_unit "$name" ;;
    esac
  done <"$keep/units"
}

# A client ends with what it takes for the end of its link (dhcpcd: of a port), and nobody would renew the lease.
undo_clients() {
  if [ ! -e "$keep/clients" ]; then return 0; fi
  while IFS= read -r link; do
    if has_link "$link" && [ -z "$(clients_of "$link")" ]; then start_client "$link"; fi
  done <"$keep/clients"
}

undo_networkd() {
  if ! systemctl -q is-active systemd-networkd.service; then return 0; fi
  # It would read what was kept asleep.
  if grep -qE "^systemd-networkd.service$tab.*$tab(inactive|failed)$" "$keep/units"; then stop_unit systemd-networkd.service; return 0; fi
  case $changed in
    *" networkd-restart "*) systemctl restart systemd-networkd.service ;;
    *" networkd "*)
      networkctl reload
      # A port that came up while its bridge went away is given up by networkd, which reads no lease for it any more.
      for name in $(failed_links); do networkctl reconfigure "$name" || :; done
      # A bridge of ours that was deleted is made again only when networkd starts.
      if [ -e "$keep/net" ] && ! await 1 has_links; then systemctl restart systemd-networkd.service; await 10 has_links; fi
      ;;
  esac
}

failed_links() { networkctl list --no-legend --no-pager | awk '$NF == "failed" { print $2 }'; }
has_links() { sed -n 's/^link \([^ ]*\) .*/\1/p' "$keep/net" | while read -r link; do has_link "$link" || return 1; done; }

undo_settings() {
  if [ ! -s "$keep/settings" ]; then return 0; fi
  while IFS= read -r line; do
    file=${line%%:*} value=${line#*:}
    if [ -w "$file" ] && [ "$(cat "$file" 2>/dev/null)" != "$value" ]; then printf '%s\n' "$value" 2>/dev/null >"$file"; fi
  done <"$keep/settings"
}

# Links that the change made go; the others get back their master, size, address and state.
undo_links() {
  net_state | sed -n 's/^link //p' | while read -r name _; do
    if ! grep -q "^link $name " "$keep/net" && from_journal "$name"; then ip link delete dev "$name"; fi
  done
  sed -n 's/^link //p' "$keep/net" | while read -r name up mtu master mac; do
    if ! has_link "$name" || [ "$(net_state | grep "^link $name ")" = "link $name $up $mtu $master $mac" ]; then continue; fi
    if [ "$master" = - ]; then ip link set dev "$name" nomaster; else ip link set dev "$name" master "$master"; fi
    ip link set dev "$name" mtu "$mtu"
    if [ "$mac" != - ] && [ "$name" != lo ]; then ip link set dev "$name" address "$mac" 2>/dev/null; fi
    ip link set dev "$name" "$up"
  done
}

# A link that this change asked networkd for.
from_journal() { listed "$1" "$keep/links"; }

undo_net() {
  undo_links
  ip addr restore <"$keep/addr"
  is_as_before
  sed -n 's/^new: //p' "$dir/unlike" >"$dir/net.extra"
  while read -r kind name rest; do
    if [ "$kind" = addr ]; then ip addr del "$rest" dev "$name"; fi
  done <"$dir/net.extra"
  while read -r kind first rest; do
    case $kind in
      route[46]) ip "-${kind#route}" route del $first $rest ;;
      rule[46]) ip "-${kind#rule}" rule del $rest pref "${first%:}" ;;
    esac
  done <"$dir/net.extra"
  net_state | grep -vxF -f - "$keep/net" | while read -r kind first rest; do
    case $kind in rule[46]) ip "-${kind#rule}" rule add $rest pref "${first%:}" ;; esac
  done
  for family in 4 6; do restore_routes "-$family" "$keep/route$family"; done
  await 10 is_as_before
}

# What the change took out of its way, the newest first. Gone again meanwhile, such as with its link: then it stays away.
undo_taken() {
  if [ ! -e "$keep/taken" ]; then return 0; fi
  sed '1!G;h;$!d' "$keep/taken" | while read -r command; do ip $command; done
}

undo_nft() {
  if [ ! -e "$keep/nft" ] || [ "$(nft -s list ruleset | without_traffic)" = "$(without_traffic <"$keep/nft")" ]; then return 0; fi
  { printf 'flush ruleset\n'; cat "$keep/nft"; } >"$dir/nft.before"
  nft -f "$dir/nft.before"
}

# Both ways: what is missing, and what is too much; but links that others made meanwhile, and what is on them, are theirs.
is_as_before() {
  net_state >"$dir/net.now"
  { grep '^link ' "$keep/net" | cut -d ' ' -f 2; cat "$keep/links"; } >"$dir/links.known"
  sed -n 's/^link \([^ ]*\) .*/\1/p' "$dir/net.now" | grep -vxF -f "$dir/links.known" >"$dir/links.foreign"
  {
    grep -vxF -f "$dir/net.now" "$keep/net" | sed 's/^/missing: /'
    grep -vxF -f "$keep/net" "$dir/net.now" | sed 's/^/new: /' | awk -v file="$dir/links.foreign" '
      BEGIN { while ((getline name <file) > 0) foreign[name] = 1 }
      { for (i = 2; i < NF; i++) if (($i == "dev" || $i == "link" || $i == "addr") && $(i + 1) in foreign) next; print }'
  } >"$dir/unlike"
  [ ! -s "$dir/unlike" ]
}

# The end of a unit that left something open: it was killed, or ran too long.
end_of_unit() { # UNIT
  open_host_lock
  if flock -w 400 9; then locked=yes; hold "$host_lock"; fi
  for open in "$transactions"/*/; do
    open=${open%/}
    if [ "$(cat "$open/unit" 2>/dev/null)" = "$1" ]; then
      undo "$open" && printf 'rolled-back\n' >&4
      complain NSPAWN_ROLLED_BACK "the program on the host was ended before its change was complete"
    fi
  done
  for open in "$finished"/*/; do
    if [ "$(cat "$open/unit" 2>/dev/null)" = "$1" ]; then end_finished "${open%/}"; fi
  done
  leave_nothing
}

# At boot, before the network: nobody else is at work.
at_boot() {
  rm -rf "$transactions"/.[!.]*
  for open in "$transactions"/*/; do
    if [ -d "$open" ]; then undo "${open%/}"; fi
  done
  for open in "$finished"/*/; do
    if [ -d "$open" ]; then end_finished "${open%/}"; fi
  done
  leave_nothing
}

# What a committed change has still to take away. Packages are removed by the program alone: an owner that brought some
# comes back, for the next removal.
end_finished() { # FOLDER
  if [ -e "$1/bridges" ]; then sort -u "$1/bridges" | while IFS= read -r bridge; do close_uplinks "$bridge"; done; fi
  if [ -s "$1/buried" ]; then discard "$(cat "$1/buried")"; fi
  if [ -d "$1/leaving" ]; then
    mine=$1/leaving
    if [ -s "$mine/installed" ] && ! others; then mv -T "$mine" "$owners/${1##*/}"; else drop_directories /; hand_on_directories; hand_on_packages; fi
  fi
  rm -rf "$1"
}

# After the last resource of all.
leave_nothing() {
  if [ ! -d "$library" ] || find "$owners" "$transactions" "$finished" -mindepth 1 -maxdepth 1 2>/dev/null | grep -q .; then return 0; fi
  drop_guard
  rm -rf "$transactions" "$finished" "$owners" "$library/images" "$library/script"
  rmdir "$library/trash" "$library" 2>/dev/null || :
}
