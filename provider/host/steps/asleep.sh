# shellcheck shell=dash
# Files of networkd that nobody reads as long as it does not run. When it runs because of us, they would configure links a
# second time, at once or at the next boot, so each gets a drop-in that tells networkd to leave its links alone.

# Whether networkd does not run but for us.
networkd_is_ours() {
  local memory
  memory=$MINE/units
  if [ ! -e "$memory" ]; then memory=$OWNERS/$FORMER/units; fi
  if [ -s "$memory" ] && grep -q "^systemd-networkd.service$TAB" "$memory"; then
    grep "^systemd-networkd.service$TAB" "$memory" | grep -v "$TAB"'enabled' | grep -qE "$TAB(inactive|failed)($TAB|$)"
    return
  fi
  if systemctl -q is-active systemd-networkd.service; then return 1; fi
  case $(systemctl is-enabled systemd-networkd.service 2>/dev/null || :) in enabled*) return 1 ;; esac
}

# Files of one kind as networkd would read them: of several of one name the first, none that are masked, of systemd or ours.
sleeping() { # network|netdev
  local under path
  for under in /etc /run /usr/local/lib /usr/lib; do find "$under/systemd/network" -maxdepth 1 -name "*.$1" 2>/dev/null | sort; done |
    awk -F / '!seen[$NF]++' | while IFS= read -r path; do
    if [ -L "$path" ] && [ "$(readlink -f "$path")" = /dev/null ]; then continue; fi
    if [ ! -s "$path" ] || grep -sqxF -e "$path" "$OWNERS"/*/files; then continue; fi
    # Debian 12 knows its files by /lib.
    case $path in /usr/lib/*) if { dpkg-query -S "$path" || dpkg-query -S "${path#/usr}"; } 2>/dev/null | grep -qE '^systemd(-[a-z]+)?:'; then continue; fi ;; esac
    printf '%s\n' "$path"
  done
}

ASLEEP_NAME=60-pulumi-nspawn-asleep.conf
asleep_drop_in() { printf '/etc/systemd/network/%s.d/%s\n' "${1##*/}" "$ASLEEP_NAME"; } # PATH

# For the transaction: what step_asleep may write.
asleep_paths() {
  local path
  if ! has_step asleep || ! networkd_is_ours; then return 0; fi
  sleeping network | while IFS= read -r path; do asleep_drop_in "$path"; done
}

# A link that networkd would make cannot be left alone: who wrote the file has to say.
refuse_netdevs() {
  local netdevs
  if ! has_step asleep || ! networkd_is_ours; then return 0; fi
  netdevs=$(sleeping netdev | tr '\n' ' ')
  if [ -n "$netdevs" ]; then
    fail NSPAWN_INVALID_INPUT "systemd-networkd does not run on the host, and would make the links of ${netdevs% } as soon as it does, which machines need; move what is not wanted away, or start networkd yourself and see that the host stays reachable (systemctl enable --now systemd-networkd)"
  fi
}

step_asleep() {
  local path drop
  if ! networkd_is_ours; then return 0; fi
  sleeping network >"$DIR/sleeping"
  while IFS= read -r path; do
    drop=$(asleep_drop_in "$path")
    if [ -f "$drop" ]; then continue; fi
    claim_path "$drop" yes
    make_directory "${drop%/*}"
    printf '%s\n' "# Written by pulumi-nspawn: networkd did not run when $path was written, and what configures its links still does." '[Link]' 'Unmanaged=yes' >"$drop.new"
    sync "$drop.new"
    mv -fT "$drop.new" "$drop"
    note_change "$drop"
    warn "$path is kept asleep by $drop: systemd-networkd, which machines need, did not run before; remove the file when nobody needs it"
  done <"$DIR/sleeping"
  # Of files that have gone.
  { grep -F -e "/$ASLEEP_NAME" "$MINE/files" || :; } >"$DIR/asleep"
  while IFS= read -r drop; do
    if ! grep -qF -e "/$(basename "${drop%.d/*}")" "$DIR/sleeping"; then drop_path "$drop"; fi
  done <"$DIR/asleep"
  if [ -s "$DIR/asleep" ]; then drop_directories /etc/; fi
}

# What networkd took although it is ours: of which links, and by which file.
woken_links() {
  local file by
  for file in /run/systemd/netif/links/*; do
    by=$(sed -n 's/^NETWORK_FILE=//p' "$file" 2>/dev/null)
    if [ -z "$by" ] || grep -qx 'ADMIN_STATE=unmanaged' "$file" || grep -sqxF -e "$by" "$OWNERS"/*/files; then continue; fi
    case $by in /usr/lib/systemd/network/80-*) continue ;; esac
    printf '%s by %s\n' "$(link_of_index "${file##*/}")" "$by"
  done
}
link_of_index() { ip -o link | sed -n "s/^$1: \([^:@]*\).*/\1/p"; }
none_pending() { ! networkctl list --no-legend --no-pager 2>/dev/null | awk '{ print $NF }' | grep -qE '^(pending|initialized)$'; }

step_still_asleep() {
  local woken
  if ! networkd_is_ours; then return 0; fi
  await 5 none_pending || :
  woken=$(woken_links | tr '\n' ' ')
  if [ -n "$woken" ]; then fail NSPAWN_STEP_FAILED "systemd-networkd, which did not run before, took ${woken% }, which something else configures; move the file away, or add [Link] Unmanaged=yes to it"; fi
}
