# shellcheck shell=dash
# The transaction: what stands on the host is kept before the first change, and put back unless the program commits.
# It lives in a folder per resource, so several resources change at once; a reboot finds it there.

# transactions/<key>/: before/ (paths as they were; what is in paths and not here was absent), guest/ and guest.paths (the same
# inside the machine's tree; guest.unkept has those that were no file of ours), owner/ (the owner's folder), others/ (lists of other owners), units, settings, net, addr, route4, route6,
# clients (links that a DHCP client had), nft, tree, moved, links (that networkd is asked for), taken (commands that give back what stood in the way), token, unit
# (who is at work), applied, confirmed or expired (a file of that name), journal (the step that was begun last; for people).
TRANSACTIONS=$LIBRARY/transactions
# finished/<key>/: a transaction that is committed; leaving/ in it is the folder of an owner that is no more.
FINISHED=$LIBRARY/finished
GUARD=/etc/systemd/system/pulumi-nspawn-guard.service
GUARD_LINK=/etc/systemd/system/sysinit.target.wants/pulumi-nspawn-guard.service

KEEP=""
keep_in() { KEEP=$1; } # FOLDER

step_begin() {
  local key="$1" former="$2" confirm="$3"
  local new
  as_owner "$OWNERS/$key"
  whole_addresses
  if [ -d "$TRANSACTIONS/$key" ]; then
    say "putting back what an interrupted change left"
    undo "$TRANSACTIONS/$key" || fail NSPAWN_ROLLED_BACK "an earlier, interrupted change could not be put back: $(cat "$DIR/unlike" 2>/dev/null); see $TRANSACTIONS/$key"
  fi
  if [ -d "$FINISHED/$key" ]; then end_finished "$FINISHED/$key"; fi
  mkdir -p "$LIBRARY" "$OWNERS" "$TRANSACTIONS" "$FINISHED"
  # Images have setuid programs, so nobody else may come near them.
  chmod 0700 "$LIBRARY" "$OWNERS" "$TRANSACTIONS" "$FINISHED"
  find_former "$key" "$former" "$(from_steps claim adopt)" "$(from_steps claim record)"
  # shellcheck disable=SC2153 # of another file
  if [ -d "$TRANSACTIONS/$FORMER" ]; then
    fail NSPAWN_BUSY "$(owner_in "$OWNERS/$FORMER"), which this takes over, is in the middle of a change; run up again when that is done"
  fi
  room 32 "$LIBRARY"
  refuse_netdevs
  refuse_pending_boot "$confirm"
  if ! cmp -s "$DIR/script" "$LIBRARY/script"; then
    cp "$DIR/script" "$LIBRARY/script.new"
    chmod 0700 "$LIBRARY/script.new"
    sync "$LIBRARY/script.new"
    mv -f "$LIBRARY/script.new" "$LIBRARY/script"
  fi
  new=$TRANSACTIONS/.$key
  rm -rf "$new"
  mkdir -m 0700 "$new" "$new/before" "$new/guest" "$new/others"
  snapshot "$confirm"
  # Only what is complete and on the disk gets the name that a rollback looks for.
  find "$new" -type f -exec sync {} +
  mv -T "$new" "$TRANSACTIONS/$key"
  sync "$TRANSACTIONS"
  keep_in "$TRANSACTIONS/$key"
  set_guard
}

# `fields` has a line for each verb: the verb, and the names of its fields in their order.
from_steps() { # VERB FIELD
  awk -F "$TAB" -v verb="$1" -v field="$2" '
    NR == FNR { if ($1 == verb) for (i = 2; i <= NF; i++) if ($i == field) at = i; next }
    $1 == verb && at { print $at }' "$DIR/fields" "$DIR/steps"
}
has_step() { cut -f 1 "$DIR/steps" | grep -qxF -e "$1"; } # VERB

# The records that this program is about: the one that is, and the one that is wanted.
records() {
  local text
  if [ -e "$source/record" ]; then cat "$source/record"; fi
  from_steps claim record | while IFS= read -r text; do cat "$DIR/texts/$text"; done
}

snapshot() { # CONFIRM
  local source name path
  source=$MINE
  if [ "$FORMER" != - ]; then
    source=$OWNERS/$FORMER
    printf '%s\n' "$FORMER" >"$new/former"
  fi
  if [ -d "$source" ]; then cp -a "$source" "$new/owner"; fi
  # For what the way back writes beside links, should the disk be full by then: folders, this resource's record.
  fallocate -l 1M "$new/reserve" 2>/dev/null || head -c 1048576 /dev/zero >"$new/reserve"
  printf '%s\n' "$TOKEN" >"$new/token"
  printf '%s\n' "$APPLY_UNIT" >"$new/unit"
  : >"$new/journal"
  {
    from_steps bridge_up link
    from_steps wired macvlan | sed 's/$/-v1/'
    from_steps drop_link link
    from_steps tunnel link
    from_steps mesh link
  } >"$new/links"
  records >"$DIR/records"
  {
    sed -n -e "s/^file$TAB//p" -e "s/^secret$TAB//p" "$DIR/records"
    if [ -e "$source/files" ]; then cat "$source/files"; fi
    from_steps file path
    from_steps guest_file path
    asleep_paths
    printf '%s\n' "$GUARD" "$GUARD_LINK"
    machines_of_steps | while IFS= read -r name; do
      departure_of "$name"
      echo
    done
    if [ "$1" = yes ]; then lifelines; fi
  } | sort -u >"$DIR/concerned"
  grep -v "^$TREES/" "$DIR/concerned" >"$new/paths" || :
  while IFS= read -r path; do if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "$path"; fi; done <"$new/paths" >"$DIR/existing"
  # One by one: with cp --parents, uutils' coreutils (0.0.30) put links in the wrong place.
  while IFS= read -r path; do
    mkdir -p "$new/before${path%/*}"
    cp -a "$path" "$new/before$path"
  done <"$DIR/existing"
  snapshot_tree
  snapshot_units "$1"
  if [ "$1" = yes ]; then snapshot_net; fi
}

# What a login needs, whoever changes it.
lifelines() {
  local file user
  for file in /etc/ssh/sshd_config /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub /root/.ssh/authorized_keys; do
    if [ -e "$file" ]; then printf '%s\n' "$file"; fi
  done
  {
    cat "$DIR/user" 2>/dev/null
    from_steps authorized_keys user
  } | sort -u | while IFS= read -r user; do key_files "$user"; done
  # What the uplink's settings were before us goes with them.
  printf '%s\n' /run/pulumi-nspawn/settings /etc/cloud/cloud.cfg.d/60-pulumi-nspawn.cfg /etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key.pub
}

# The machines that the program makes or removes: one at most.
machines_of_steps() {
  from_steps tree machine
  from_steps retire machine
}

snapshot_tree() {
  local tree
  tree=$(machines_of_steps | head -n 1)
  if [ -z "$tree" ]; then return 0; fi
  if [ ! -d "$TREES/$tree" ]; then
    printf '%s\tabsent\n' "$tree" >"$new/tree"
    return 0
  fi
  printf '%s\tpresent\n' "$tree" >"$new/tree"
  sed -n "s|^$TREES/$tree/||p" "$DIR/concerned" >"$new/guest.paths"
  tree_pl keep "$TREES/$tree" "$new/guest" <"$new/guest.paths"
}

snapshot_units() { # CONFIRM
  local tree
  tree=$(machines_of_steps | head -n 1)
  {
    sed -n "s/^unit$TAB//p" "$DIR/records"
    if [ -e "$source/units" ]; then cut -f 1 "$source/units"; fi
    from_steps unit unit
    if [ -n "$tree" ]; then printf 'systemd-nspawn@%s.service\n' "$tree"; fi
    if [ "$1" = yes ]; then printf '%s\n' ssh.service systemd-networkd-wait-online.service systemd-network-generator.service; fi
  } | sort -ru >"$DIR/units" # networkd before its wait-online, which it enables along
  with_also <"$DIR/units" >"$new/unit-names"
  links_of "$new/unit-names" "$UNIT_FOLDERS" >"$new/unit-links"
  : >"$new/units"
  if [ ! -s "$DIR/units" ]; then return 0; fi
  # One block per unit, in the order asked; a unit that is unknown is told as inactive, without a file.
  # shellcheck disable=SC2046 # words
  { systemctl show -p UnitFileState -p ActiveState $(cat "$DIR/units") 2>/dev/null || :; } | awk -v RS= -F '\n' '{
    file = ""; active = ""
    for (i = 1; i <= NF; i++) { if (sub("^UnitFileState=", "", $i)) file = $i; else if (sub("^ActiveState=", "", $i)) active = $i }
    # Empty fields would be skipped by read.
    print (file == "" ? "-" : file) "\t" active
  }' | paste "$DIR/units" - >"$new/units"
}

snapshot_net() {
  local name link family
  grep -rsH '' /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv?/neigh/*/proxy_delay >"$new/settings" || :
  sed -n -e "s/^sysctl$TAB//p" -e "s/^limit$TAB//p" "$DIR/records" | sort -u | while IFS= read -r name; do
    grep -sH '' "/proc/sys/$(printf %s "$name" | tr ./ /.)" || :
  done >>"$new/settings"
  if command -v ip >/dev/null; then
    net_state >"$new/net"
    for link in $(default_links); do if [ -n "$(clients_of "$link")" ]; then printf '%s\n' "$link"; fi; done >"$new/clients"
    ip addr save >"$new/addr" || :
    for family in 4 6; do route_commands "-$family" table main >"$new/route$family" || :; done
  fi
  if command -v nft >/dev/null; then nft -s list ruleset >"$new/nft" 2>/dev/null || :; fi
}

# A change that gave the host's lock away and has it again: what others did meanwhile is theirs, and stays if this one fails.
renew_net() {
  local new=$KEEP/renewed file
  mkdir -m 0700 "$new"
  snapshot_net
  find "$new" -type f -exec sync {} +
  for file in "$new"/*; do mv -f "$file" "$KEEP/${file##*/}"; done
  rmdir "$new"
  sync "$KEEP"
}

default_links() {
  local family
  for family in 4 6; do ip "-$family" route show default; done | sed -n 's/.* dev \([^ ]*\).*/\1/p' | sort -u
}

# Links, addresses, routes and rules as lines that can be compared; machines' cables come and go by themselves.
net_state() {
  local family
  ip -o link | awk '{
    name = $2; sub(/[@:].*/, "", name)
    if (name ~ /^v[be]-/) next
    master = "-"; mtu = "-"; mac = "-"; up = ($3 ~ /[<,]UP[,>]/) ? "up" : "down"
    for (i = 4; i < NF; i++) { if ($i == "mtu") mtu = $(i + 1); if ($i == "master") master = $(i + 1); if ($i ~ /^link\//) mac = $(i + 1) }
    print "link", name, up, mtu, master, mac
  }'
  tunnel_state
  ip -o addr | awk '$2 !~ /^v[be]-/ { print "addr", $2, $4 }' | sort
  for family in 4 6; do
    ip "-$family" route show table all 2>/dev/null | grep -v -e ' table local' -e '^local ' -e '^broadcast ' -e '^multicast ' -e '^ff00::/8' |
      without_nexthops | sed -e 's/ expires [0-9]*sec//' -e 's/ linkdown//' -e 's/ dead//' -e 's/ *$//' -e "s/^/route$family /" | sort
    # A rule stays when its link goes, and no command takes the word that tells so.
    ip "-$family" rule | sed -e 's/ \[detached\]//g' -e "s/^/rule$family /"
  done
}

# Name, number, address and port of each VXLAN link, a line each.
tunnels() {
  ip -o -d link show type vxlan 2>/dev/null | awk '{
    name = $2; sub(/[@:].*/, "", name); id = "-"; address = "-"; port = "-"
    for (i = 3; i < NF; i++) { if ($i == "vxlan" && $(i + 1) == "id") id = $(i + 2); if ($i == "local") address = $(i + 1); if ($i == "dstport") port = $(i + 1) }
    print name, id, address, port }'
}
# Of ours, whose names nobody else uses.
tunnel_state() { tunnels | awk '$1 ~ /^vx-[0-9]+$/ { print "tunnel", $0 }'; }

# The guard puts back at boot what a power cut left. It is read at the next boot only, so nothing has to be reloaded.
set_guard() {
  if [ ! -d "${GUARD%/*}" ]; then return 0; fi
  cat >"$DIR/guard" <<'UNIT'
# Written by pulumi-nspawn: puts back at boot what an interrupted change left half-done.
[Unit]
Description=Put back interrupted changes of pulumi-nspawn
DefaultDependencies=no
Wants=network-pre.target
After=local-fs.target
Before=systemd-sysctl.service cloud-init-local.service network-pre.target sysinit.target
RequiresMountsFor=/var/lib/pulumi-nspawn /etc
ConditionDirectoryNotEmpty=|/var/lib/pulumi-nspawn/transactions
ConditionDirectoryNotEmpty=|/var/lib/pulumi-nspawn/finished

[Service]
Type=oneshot
RemainAfterExit=no
ExecStart=/bin/sh /var/lib/pulumi-nspawn/script --boot

[Install]
WantedBy=sysinit.target
UNIT
  if cmp -s "$DIR/guard" "$GUARD" && [ -L "$GUARD_LINK" ]; then return 0; fi
  mkdir -p "${GUARD_LINK%/*}"
  cp "$DIR/guard" "$GUARD.new"
  chmod 0644 "$GUARD.new"
  sync "$GUARD.new"
  mv -f "$GUARD.new" "$GUARD"
  ln -sfn "$GUARD" "$GUARD_LINK"
}

drop_guard() {
  rm -f "$GUARD_LINK" "$GUARD"
  rmdir "${GUARD_LINK%/*}" 2>/dev/null || :
}

step_commit() {
  if [ -z "$KEEP" ]; then return 0; fi
  survives
  if [ -n "$BURIED" ]; then printf '%s\n' "$BURIED" >"$KEEP/buried"; fi
  # Who leaves is gone with the same rename, whatever happens then.
  if [ "$LEAVING" = yes ]; then mv -T "$MINE" "$KEEP/leaving"; fi
  close_transaction
  if [ "$LEAVING" = no ]; then
    end_finished "$FINISHED/$CLOSED"
    # Not before: nothing puts a package back, and what was there before needs it.
    if [ -s "$MINE/installed" ]; then forget_packages; fi
  fi
}

close_transaction() {
  CLOSED=${KEEP##*/}
  mkdir -p "$FINISHED"
  rm -rf "${FINISHED:?}/$CLOSED"
  mv -T "$KEEP" "$FINISHED/$CLOSED"
  sync "$TRANSACTIONS" "$FINISHED"
  keep_in ""
}

# Applied; now somebody has to come in by a new connection, or it did not happen.
step_confirm() {
  survives
  : >"$KEEP/applied"
  sync "$KEEP"
  printf 'confirm\n' >&4 2>/dev/null || :
  say "waiting up to $WINDOW s for a new connection to confirm the change"
  # Whoever renames it first, the confirmation or the end of the time, decides.
  if ! await "$WINDOW" test -e "$KEEP/confirmed" && mv -T "$KEEP/applied" "$KEEP/expired" 2>/dev/null; then
    fail NSPAWN_ROLLED_BACK "no new SSH connection came within $WINDOW s after the change, so everything was put back as it was"
  fi
  step_commit
}

# What no change of ours may take away: a default route of a family that had one, and sshd.
survives() {
  local family
  if [ ! -e "$KEEP/net" ]; then return 0; fi
  for family in 4 6; do
    if ! grep -q "^route$family default" "$KEEP/net"; then continue; fi
    # What restarted asks for its lease or for a router first.
    if ! await 20 has_default "-$family"; then
      fail NSPAWN_ROLLED_BACK "the change took away the default route of IPv$family; everything was put back as it was"
    fi
  done
  if grep -q "^ssh.service$TAB.*${TAB}active$" "$KEEP/units" && ! systemctl -q is-active ssh.service; then
    fail NSPAWN_ROLLED_BACK "the change ended ssh.service; everything was put back as it was"
  fi
}

has_default() { [ -n "$(ip "$1" route show default)" ]; }

# For who lost the connection on which it would have heard of it. To confirm takes yet another connection: this one may
# have been open before the change.
step_await_applied() {
  local key="$1"
  local open
  open=$TRANSACTIONS/$key
  await 270 test -e "$open/applied" -o ! -d "$open" || fail NSPAWN_DEADLINE "the change is still going on"
  if [ ! -e "$open/applied" ] || [ "$(cat "$open/token" 2>/dev/null)" != "$TOKEN" ]; then
    fail NSPAWN_ROLLED_BACK "there is nothing to confirm: the change was put back, or not begun"
  fi
}

# The program of the new connection.
step_approve() {
  local key="$1"
  local open
  open=$TRANSACTIONS/$key
  if [ "$(cat "$open/token" 2>/dev/null)" != "$TOKEN" ] || ! mv -T "$open/applied" "$open/confirmed"; then
    fail NSPAWN_ROLLED_BACK "there is nothing to confirm any more: the change was put back"
  fi
  await 20 test ! -d "$open" || fail NSPAWN_ROLLED_BACK "the change was confirmed, but its program does not end; see systemctl status 'pulumi-nspawn-*'"
}
