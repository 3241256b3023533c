# shellcheck shell=dash
# Deleting a resource: everything that it changed goes back to what it was.

others() { find "$owners" -mindepth 1 -maxdepth 1 ! -path "$mine" | grep -q .; }

# What other stacks have on the host stands on its packages, settings and services.
step_unused() { # KEY
  if [ ! -d "$owners/$1" ]; then return 0; fi
  for folder in "$owners"/*; do owner_in "$folder"; done | awk -v own="$(stack_of "$owner")" 'index($0, own) != 1' | sort >"$dir/tenants"
  if [ ! -s "$dir/tenants" ]; then return 0; fi
  fail NSPAWN_OWNED "the host is still used by other stacks: $(head -n 10 "$dir/tenants" | paste -sd, | sed 's/,/, /g'); remove these there first (where a stack is no more, what it left is in a folder of $owners)"
}

step_release() { # KEY
  mine=$owners/$1
  if [ ! -d "$mine" ]; then return 0; fi
  say "removing what was written"
  tainted=yes leaving=yes
  restore_units -
  cp "$mine/files" "$dir/owned"
  while IFS= read -r path; do
    case $path in
      /etc/pulumi-nspawn/uplink) : >"$dir/was.uplink" ;;
      *) drop_path "$path" ;;
    esac
  done <"$dir/owned"
  if [ -e "$dir/was.uplink" ]; then
    run sh /etc/pulumi-nspawn/uplink || :
    # Settings of the uplink, as the script found them.
    if [ -f /run/pulumi-nspawn/settings ]; then
      while read -r file value; do if [ -w "$file" ]; then echo "$value" >"$file"; fi; done </run/pulumi-nspawn/settings
    fi
    drop_path /etc/pulumi-nspawn/uplink
    rm -rf /run/pulumi-nspawn
  fi
  step_settle
  cp "$mine/sysctls" "$dir/sysctls.was"
  while IFS=$tab read -r key value; do restore_sysctl "$key" "$value"; done <"$dir/sysctls.was"
  drop_directories /etc/
}

# Directories that were made for files, innermost first; those that are still of use stay.
drop_directories() { # PREFIX
  sort -ru "$mine/made" >"$dir/made"
  while IFS= read -r path; do
    case $path in "$1"*) if rmdir "$path" 2>/dev/null; then unlist "$path" "$mine/made"; fi ;; esac
  done <"$dir/made"
}

# A directory that others still have files in goes with the last of them.
hand_on_directories() {
  while IFS= read -r path; do
    if [ ! -d "$path" ]; then continue; fi
    for list in "$owners"/*/files; do
      if [ "$list" = "$mine/files" ] || ! awk -v folder="$path/" 'index($0, folder) == 1 { found = 1 } END { exit !found }' "$list"; then continue; fi
      if ! listed "$path" "${list%/files}/made"; then printf '%s\n' "$path" >>"${list%/files}/made"; fi
      break
    done
  done <"$mine/made"
}

# The last of all removes them.
hand_on_packages() {
  if [ ! -s "$mine/installed" ]; then return 0; fi
  for list in "$owners"/*/installed; do
    if [ "$list" = "$mine/installed" ] || [ ! -e "$list" ]; then continue; fi
    cat "$mine/installed" >>"$list"
    return 0
  done
}

step_finish_release() { # KEY
  mine=$finished/$1/leaving
  if [ -s "$mine/installed" ] && ! others; then
    # The removal of resolved writes this file too.
    cp -a /etc/resolv.conf "$dir/resolv.conf"
    purge_packages "$mine/installed"
    if [ ! -e /lib/systemd/systemd-resolved ]; then rm -f /etc/.resolv.conf.systemd-resolved.bak; fi
    if ! same_file "$dir/resolv.conf" /etc/resolv.conf; then
      cp -a "$dir/resolv.conf" /etc/.pulumi-nspawn.link
      mv -fT /etc/.pulumi-nspawn.link /etc/resolv.conf
    fi
    : >"$mine/installed"
  fi
  if [ -d "$finished/$1" ]; then end_finished "$finished/$1"; fi
  leave_nothing
}
