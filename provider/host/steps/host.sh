# shellcheck shell=dash
# What concerns the host itself: checks, packages, kernel settings, units, names, the SSH host key.

step_preflight() {
  local megabytes="$1"
  local version
  say "checking the host"
  if ! command -v apt-get >/dev/null || [ ! -r /etc/debian_version ]; then
    fail NSPAWN_NOT_DEBIAN "the host runs $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null || echo 'an unknown system'); Debian 12 or newer, or a derivative with apt and systemd, is needed"
  fi
  if [ ! -d /run/systemd/system ]; then fail NSPAWN_NOT_DEBIAN "systemd is not PID 1 on the host; it is needed"; fi
  version=$(systemctl --version | awk 'NR == 1 { print $2 + 0 }')
  if [ "$version" -lt 249 ]; then fail NSPAWN_NOT_DEBIAN "the host has systemd $version; 249 or newer (Debian 12, Ubuntu 22.04) is needed"; fi
  if ! command -v ip >/dev/null; then MISSING="$MISSING iproute2"; else kernel_features; fi
  room "$megabytes" /var
}

kernel_features() {
  local kind
  for kind in bridge veth; do
    # In a namespace of its own: two programs may look at the same time, and networkd has nothing to see.
    unshare --net ip link add name pn-probe type "$kind" || fail NSPAWN_KERNEL_FEATURE "the kernel $(uname -r) cannot make a $kind: $(tail -n 1 "$DIR/log"); install a kernel with this feature (Debian's own has it)"
  done
  unshare --user true || fail NSPAWN_KERNEL_FEATURE "the kernel $(uname -r) has no user namespaces (or user.max_user_namespaces is 0); machines need them"
}

# A new server installs and writes while cloud-init runs; what it still does would collide. It may restart by itself too: for
# packages, by a user's own commands, at the end (power_state). Nothing has begun, so the program is sent again after that.
step_cloud_init() {
  if ! command -v cloud-init >/dev/null; then return 0; fi
  printf 'unbegun\n' >&4 2>/dev/null || :
  # Who is ended by a restart has nothing to explain.
  explain no
  say "waiting for cloud-init"
  run timeout 240 cloud-init status --wait || :
  await_restart
  explain yes
  printf 'begun\n' >&4 2>/dev/null || :
}

CLOUD=/var/lib/cloud/instance
power_state() { sed -n '/^power_state:/,/^[^ ]/p' "$CLOUD/cloud-config.txt" 2>/dev/null; }
# Its module has run since the host has started; from then on a process of it waits for the end of cloud-init.
is_announced() {
  local up_since
  if [ -z "$(power_state)" ] || [ ! -e "$CLOUD/sem/config_power_state_change" ]; then return 1; fi
  up_since=$(systemctl show -p UserspaceTimestamp --value --timestamp=unix)
  [ "$(stat -c %Y "$CLOUD/sem/config_power_state_change")" -ge "${up_since#@}" ]
}
# shutdown(8) is at work, or has noted a time.
is_due() { [ "$(systemctl is-system-running 2>/dev/null)" = stopping ] || [ -e /run/systemd/shutdown/scheduled ]; }
await_restart() {
  local due
  if ! is_announced && ! is_due; then return 0; fi
  case $(power_state) in
    *mode:*poweroff* | *mode:*halt*) fail NSPAWN_STEP_FAILED "cloud-init switches this server off when it is done (power_state in its user data); take that out, or start the server again, and run up again" ;;
  esac
  say "waiting for the restart that cloud-init has announced"
  # There may be a condition that does not hold.
  if ! await 30 is_due; then return 0; fi
  due=$(sed -n 's/^USEC=\([0-9]*\)[0-9]\{6\}$/\1/p' /run/systemd/shutdown/scheduled 2>/dev/null) || due=""
  if [ -n "$due" ] && [ $((due - $(date +%s))) -gt 600 ]; then
    warn "this host restarts by itself at $(date -u -d "@$due" '+%Y-%m-%d %H:%M UTC'), as shutdown(8) has been told"
    return 0
  fi
  sleep 900
  fail NSPAWN_STEP_FAILED "the restart that was announced has not come for 15 minutes; look at the host (systemctl list-jobs), and run up again"
}

step_host_key() {
  local private_text="$1" public_text="$2"
  local key new type
  key=/etc/ssh/ssh_host_ed25519_key
  if [ -d /etc/cloud/cloud.cfg.d ]; then
    printf '%s\n' '# Written by pulumi-nspawn: the host key is pinned.' 'ssh_deletekeys: false' 'ssh_genkeytypes: []' >/etc/cloud/cloud.cfg.d/60-pulumi-nspawn.cfg
  fi
  if cmp -s "$DIR/texts/$private_text" "$key"; then return 0; fi
  say "changing the SSH host key"
  new=$(mktemp /etc/ssh/.pulumi-nspawn.XXXXXX)
  cat "$DIR/texts/$private_text" >"$new"
  chmod 0600 "$new"
  cat "$DIR/texts/$public_text" >"$key.pub"
  chmod 0644 "$key.pub"
  sync "$new" "$key.pub"
  mv -f "$new" "$key"
  for type in rsa ecdsa dsa; do rm -f "/etc/ssh/ssh_host_${type}_key" "/etc/ssh/ssh_host_${type}_key.pub"; done
  mkdir -p /run/sshd
  "$(command -v sshd)" -t
  systemctl reload ssh.service || systemctl reload sshd.service
}

# Packages that are not there: needed ones, and those that are installed only with them.
ask_for_no_package() { MISSING="" WANTED=""; }
ask_for_no_package

step_package() {
  local name="$1" need="$2"
  case $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || :) in
    installed) ;;
    *) if [ "$need" = required ]; then MISSING="$MISSING $name"; else WANTED="$WANTED $name"; fi ;;
  esac
}

packages_now() { dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort; }

refused_mirror() {
  fail NSPAWN_MIRROR "$1: $(grep -E '^(E|W|Err):?' "$DIR/log" | tail -n 6); check the sources in /etc/apt and that the host reaches them (apt-get update)"
}

# Somebody else installs or updates: apt-daily.timer, cloud-init, a person. By itself apt can wait for dpkg's lock alone, not
# for those of its lists and its archive, and then does not say who holds it.
apt_get() { # ARGUMENT…
  local apt_wait apt_until apt_status held
  apt_wait=180
  if [ "$PATIENCE" -lt 120 ]; then apt_wait=$PATIENCE; fi
  apt_until=$(($(date +%s) + apt_wait))
  while :; do
    apt_status=0
    run apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@" >"$DIR/apt" 2>&1 || apt_status=$?
    cat "$DIR/apt"
    if [ "$apt_status" = 0 ]; then return 0; fi
    held=$(sed -n 's/^E: \(Could not get lock .*\)/\1/p' "$DIR/apt" | head -n 1)
    if [ -z "$held" ]; then held=$(sed -n 's/^E: \(Unable to \(lock\|acquire the dpkg\).*\)/\1/p' "$DIR/apt" | head -n 1); fi
    if [ -z "$held" ]; then return "$apt_status"; fi
    if [ "$(date +%s)" -ge "$apt_until" ]; then
      fail NSPAWN_BUSY "somebody else has been installing or updating packages on this host for more than $apt_wait s: $held; wait for it, or look at it there (ps, systemctl list-jobs), and run up again"
    fi
    say "waiting for somebody else who installs or updates packages: $held"
    sleep 1
  done
}

step_install() {
  local name path
  if [ -z "$MISSING$WANTED" ]; then return 0; fi
  say "updating the package lists"
  # Without Error-Mode=any an unreachable mirror is only a warning.
  apt_get -o APT::Update::Error-Mode=any update || apt_get update || refused_mirror "the package lists could not be fetched"
  for name in $WANTED; do
    if apt-cache show "$name" >/dev/null 2>&1; then MISSING="$MISSING $name"; fi
  done
  if [ -z "$MISSING" ]; then return 0; fi
  room 600 /var
  say "installing$MISSING"
  packages_now >"$DIR/before"
  taint
  # Packages make these and leave them behind.
  for path in "$TREES" /var/lib/portables; do
    if [ ! -d "$path" ]; then printf '%s\n' "$path" >>"$MINE/made"; fi
  done
  # shellcheck disable=SC2086 # words
  if ! apt_get -y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install $MISSING; then
    remember_installed
    # Lists that could not be fetched are only warnings of the update, and the cause of what is missing now.
    if grep -q '^W: Failed to fetch' "$DIR/log"; then refused_mirror "the package lists could not be fetched"; fi
    if tail -n 30 "$DIR/log" | grep -qE 'Unable to locate package|has no installation candidate'; then
      fail NSPAWN_STEP_FAILED "$(grep -E 'Unable to locate|no installation candidate' "$DIR/log" | tail -n 4); check the names in packages"
    fi
    if tail -n 30 "$DIR/log" | grep -qE 'Failed to fetch|Temporary failure|Could not connect'; then refused_mirror "packages could not be fetched"; fi
    exit 1
  fi
  remember_installed
}

remember_installed() {
  packages_now >"$DIR/after"
  comm -13 "$DIR/before" "$DIR/after" >>"$MINE/installed"
}

# Away with packages that we brought and nothing else needs.
purge_packages() { # FILE with names
  local candidates gone
  packages_now >"$DIR/now"
  sort -u "$MINE/installed" | comm -12 - "$DIR/now" >"$DIR/ours"
  candidates=$(sort -u "$1" | comm -12 - "$DIR/ours")
  if [ -z "$candidates" ]; then return 0; fi
  say "removing packages"
  # shellcheck disable=SC2086 # words
  apt-mark auto $candidates
  apt-get -q -s -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false autoremove | sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort -u >"$DIR/removable"
  gone=$(comm -12 "$DIR/ours" "$DIR/removable")
  # shellcheck disable=SC2086 # words
  if [ -n "$gone" ]; then apt_get -y -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false purge $gone; fi
}

# Packages that were asked for once and are not any more.
forget_packages() {
  sed -n "s/^package$TAB//p" "$MINE/record" | sort -u >"$DIR/packages.asked"
  touch "$MINE/asked"
  comm -23 "$MINE/asked" "$DIR/packages.asked" >"$DIR/unwanted"
  if [ -s "$DIR/unwanted" ]; then purge_packages "$DIR/unwanted"; fi
  cp "$DIR/packages.asked" "$MINE/asked"
}

step_uplink() {
  if [ -e /etc/pulumi-nspawn/uplink ]; then run sh /etc/pulumi-nspawn/uplink; fi
}
