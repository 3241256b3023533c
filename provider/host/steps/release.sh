# shellcheck shell=dash
# Deleting a resource: everything that it changed goes back to what it was.

# shellcheck disable=SC2034 # read by other files
LEAVING=no

others() { find "$OWNERS" -mindepth 1 -maxdepth 1 ! -path "$MINE" | grep -q .; }

# What other stacks have on the host stands on its packages, settings and services.
step_unused() {
  local key="$1"
  local folder
  if [ ! -d "$OWNERS/$key" ]; then return 0; fi
  for folder in "$OWNERS"/*; do owner_in "$folder"; done | awk -v own="$(stack_of "$OWNER")" 'index($0, own) != 1' | sort >"$DIR/tenants"
  if [ ! -s "$DIR/tenants" ]; then return 0; fi
  fail NSPAWN_OWNED "the host is still used by other stacks: $(head -n 10 "$DIR/tenants" | paste -sd, | sed 's/,/, /g'); remove these there first (where a stack is no more, what it left is in a folder of $OWNERS)"
}

step_release() {
  local key="$1"
  local path file value setting
  as_owner "$OWNERS/$key"
  if [ ! -d "$MINE" ]; then return 0; fi
  say "removing what was written"
  taint
  # shellcheck disable=SC2034 # for another file
  LEAVING=yes
  restore_units -
  cp "$MINE/files" "$DIR/owned"
  while IFS= read -r path; do
    case $path in
      /etc/pulumi-nspawn/uplink) : >"$DIR/was.uplink" ;;
      *) drop_path "$path" ;;
    esac
  done <"$DIR/owned"
  if [ -e "$DIR/was.uplink" ]; then
    run sh /etc/pulumi-nspawn/uplink || :
    # Settings of the uplink, as the script found them.
    if [ -f /run/pulumi-nspawn/settings ]; then
      while read -r file value; do if [ -w "$file" ]; then echo "$value" >"$file"; fi; done </run/pulumi-nspawn/settings
    fi
    drop_path /etc/pulumi-nspawn/uplink
    rm -rf /run/pulumi-nspawn
  fi
  step_settle
  cp "$MINE/sysctls" "$DIR/sysctls.was"
  while IFS=$TAB read -r setting value; do restore_sysctl "$setting" "$value"; done <"$DIR/sysctls.was"
  drop_directories /etc/
}

# Directories that were made for files, innermost first; those that are still of use stay.
drop_directories() { # PREFIX
  local path
  sort -ru "$MINE/made" >"$DIR/made"
  while IFS= read -r path; do
    case $path in "$1"*) if rmdir "$path" 2>/dev/null; then unlist "$path" "$MINE/made"; fi ;; esac
  done <"$DIR/made"
}

# A directory that others still have files in goes with the last of them.
hand_on_directories() {
  local path list
  while IFS= read -r path; do
    if [ ! -d "$path" ]; then continue; fi
    for list in "$OWNERS"/*/files; do
      if [ "$list" = "$MINE/files" ] || ! awk -v folder="$path/" 'index($0, folder) == 1 { found = 1 } END { exit !found }' "$list"; then continue; fi
      if ! listed "$path" "${list%/files}/made"; then printf '%s\n' "$path" >>"${list%/files}/made"; fi
      break
    done
  done <"$MINE/made"
}

# The last of all removes them.
hand_on_packages() {
  local list
  if [ ! -s "$MINE/installed" ]; then return 0; fi
  for list in "$OWNERS"/*/installed; do
    if [ "$list" = "$MINE/installed" ] || [ ! -e "$list" ]; then continue; fi
    cat "$MINE/installed" >>"$list"
    return 0
  done
}

step_finish_release() {
  local key="$1"
  as_owner "$FINISHED/$key/leaving"
  if [ -s "$MINE/installed" ] && ! others; then
    # The removal of resolved writes this file too.
    cp -a /etc/resolv.conf "$DIR/resolv.conf"
    purge_packages "$MINE/installed"
    if [ ! -e /lib/systemd/systemd-resolved ]; then rm -f /etc/.resolv.conf.systemd-resolved.bak; fi
    if ! same_file "$DIR/resolv.conf" /etc/resolv.conf; then
      cp -a "$DIR/resolv.conf" /etc/.pulumi-nspawn.link
      mv -fT /etc/.pulumi-nspawn.link /etc/resolv.conf
    fi
    : >"$MINE/installed"
  fi
  if [ -d "$FINISHED/$key" ]; then end_finished "$FINISHED/$key"; fi
  leave_nothing
}
