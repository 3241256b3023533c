/** What concerns the host itself: checks, packages, kernel settings, units, names, the SSH host key. */
export const host = String.raw`
step_preflight() { # MEGABYTES
  say "checking the host"
  if ! command -v apt-get >/dev/null || [ ! -r /etc/debian_version ]; then
    fail NSPAWN_NOT_DEBIAN "the host runs $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null || echo 'an unknown system'); Debian 12 or newer, or a derivative with apt and systemd, is needed"
  fi
  if [ ! -d /run/systemd/system ]; then fail NSPAWN_NOT_DEBIAN "systemd is not PID 1 on the host; it is needed"; fi
  version=$(systemctl --version | awk 'NR == 1 { print $2 + 0 }')
  if [ "$version" -lt 249 ]; then fail NSPAWN_NOT_DEBIAN "the host has systemd $version; 249 or newer (Debian 12, Ubuntu 22.04) is needed"; fi
  if ! command -v ip >/dev/null; then missing="$missing iproute2"; else kernel_features; fi
  room "$1" /var
}

kernel_features() {
  for kind in bridge veth; do
    # In a namespace of its own: two programs may look at the same time, and networkd has nothing to see.
    unshare --net ip link add name pn-probe type "$kind" || fail NSPAWN_KERNEL_FEATURE "the kernel $(uname -r) cannot make a $kind: $(tail -n 1 "$dir/log"); install a kernel with this feature (Debian's own has it)"
  done
  unshare --user true || fail NSPAWN_KERNEL_FEATURE "the kernel $(uname -r) has no user namespaces (or user.max_user_namespaces is 0); machines need them"
}

# A new server installs and writes while cloud-init runs; what it still does would collide. It may restart by itself too: for
# packages, by a user's own commands, at the end (power_state). Nothing has begun, so the program is sent again after that.
step_cloud_init() {
  if ! command -v cloud-init >/dev/null; then return 0; fi
  printf 'unbegun\n' >&4 2>/dev/null || :
  # Who is ended by a restart has nothing to explain.
  failed=yes
  say "waiting for cloud-init"
  run timeout 240 cloud-init status --wait || :
  await_restart
  failed=""
  printf 'begun\n' >&4 2>/dev/null || :
}

cloud=/var/lib/cloud/instance
power_state() { sed -n '/^power_state:/,/^[^ ]/p' "$cloud/cloud-config.txt" 2>/dev/null; }
# Its module has run since the host has started; from then on a process of it waits for the end of cloud-init.
is_announced() {
  if [ -z "$(power_state)" ] || [ ! -e "$cloud/sem/config_power_state_change" ]; then return 1; fi
  up_since=$(systemctl show -p UserspaceTimestamp --value --timestamp=unix)
  [ "$(stat -c %Y "$cloud/sem/config_power_state_change")" -ge "${"$"}{up_since#@}" ]
}
# shutdown(8) is at work, or has noted a time.
is_due() { [ "$(systemctl is-system-running 2>/dev/null)" = stopping ] || [ -e /run/systemd/shutdown/scheduled ]; }
await_restart() {
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

step_host_key() { # PRIVATE PUBLIC
  key=/etc/ssh/ssh_host_ed25519_key
  if [ -d /etc/cloud/cloud.cfg.d ]; then
    printf '%s\n' '# Written by pulumi-nspawn: the host key is pinned.' 'ssh_deletekeys: false' 'ssh_genkeytypes: []' >/etc/cloud/cloud.cfg.d/60-pulumi-nspawn.cfg
  fi
  if cmp -s "$dir/texts/$1" "$key"; then return 0; fi
  say "changing the SSH host key"
  new=$(mktemp /etc/ssh/.pulumi-nspawn.XXXXXX)
  cat "$dir/texts/$1" >"$new"
  chmod 0600 "$new"
  cat "$dir/texts/$2" >"$key.pub"
  chmod 0644 "$key.pub"
  sync "$new" "$key.pub"
  mv -f "$new" "$key"
  for type in rsa ecdsa dsa; do rm -f "/etc/ssh/ssh_host_${"$"}{type}_key" "/etc/ssh/ssh_host_${"$"}{type}_key.pub"; done
  mkdir -p /run/sshd
  "$(command -v sshd)" -t
  systemctl reload ssh.service || systemctl reload sshd.service
}

step_package() { # NAME NEED
  case $(dpkg-query -W -f='${"$"}{db:Status-Status}' "$1" 2>/dev/null || :) in
    installed) ;;
    *) if [ "$2" = required ]; then missing="$missing $1"; else wanted="$wanted $1"; fi ;;
  esac
}

packages_now() { dpkg-query -W -f='${"$"}{db:Status-Status} ${"$"}{Package}\n' | sed -n 's/^installed //p' | sort; }

refused_mirror() {
  fail NSPAWN_MIRROR "$1: $(grep -E '^(E|W|Err):?' "$dir/log" | tail -n 6); check the sources in /etc/apt and that the host reaches them (apt-get update)"
}

# Somebody else installs or updates: apt-daily.timer, cloud-init, a person. By itself apt can wait for dpkg's lock alone, not
# for those of its lists and its archive, and then does not say who holds it.
apt_get() { # ARGUMENT…
  apt_wait=180
  if [ "$patience" -lt 120 ]; then apt_wait=$patience; fi
  apt_until=$(($(date +%s) + apt_wait))
  while :; do
    apt_status=0
    run apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@" >"$dir/apt" 2>&1 || apt_status=$?
    cat "$dir/apt"
    if [ "$apt_status" = 0 ]; then return 0; fi
    held=$(sed -n 's/^E: \(Could not get lock .*\)/\1/p' "$dir/apt" | head -n 1)
    if [ -z "$held" ]; then held=$(sed -n 's/^E: \(Unable to \(lock\|acquire the dpkg\).*\)/\1/p' "$dir/apt" | head -n 1); fi
    if [ -z "$held" ]; then return "$apt_status"; fi
    if [ "$(date +%s)" -ge "$apt_until" ]; then
      fail NSPAWN_BUSY "somebody else has been installing or updating packages on this host for more than $apt_wait s: $held; wait for it, or look at it there (ps, systemctl list-jobs), and run up again"
    fi
    say "waiting for somebody else who installs or updates packages: $held"
    sleep 1
  done
}

step_install() {
  if [ -z "$missing$wanted" ]; then return 0; fi
  say "updating the package lists"
  # Without Error-Mode=any an unreachable mirror is only a warning.
  apt_get -o APT::Update::Error-Mode=any update || apt_get update || refused_mirror "the package lists could not be fetched"
  for name in $wanted; do
    if apt-cache show "$name" >/dev/null 2>&1; then missing="$missing $name"; fi
  done
  if [ -z "$missing" ]; then return 0; fi
  room 600 /var
  say "installing$missing"
  packages_now >"$dir/before"
  tainted=yes
  # Packages make these and leave them behind.
  for path in "$trees" /var/lib/portables; do
    if [ ! -d "$path" ]; then printf '%s\n' "$path" >>"$mine/made"; fi
  done
  if ! apt_get -y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install $missing; then
    remember_installed
    # Lists that could not be fetched are only warnings of the update, and the cause of what is missing now.
    if grep -q '^W: Failed to fetch' "$dir/log"; then refused_mirror "the package lists could not be fetched"; fi
    if tail -n 30 "$dir/log" | grep -qE 'Unable to locate package|has no installation candidate'; then
      fail NSPAWN_STEP_FAILED "$(grep -E 'Unable to locate|no installation candidate' "$dir/log" | tail -n 4); check the names in packages"
    fi
    if tail -n 30 "$dir/log" | grep -qE 'Failed to fetch|Temporary failure|Could not connect'; then refused_mirror "packages could not be fetched"; fi
    exit 1
  fi
  remember_installed
}

remember_installed() {
  packages_now >"$dir/after"
  comm -13 "$dir/before" "$dir/after" >>"$mine/installed"
}

# Away with packages that we brought and nothing else needs.
purge_packages() { # FILE with names
  packages_now >"$dir/now"
  sort -u "$mine/installed" | comm -12 - "$dir/now" >"$dir/ours"
  candidates=$(sort -u "$1" | comm -12 - "$dir/ours")
  if [ -z "$candidates" ]; then return 0; fi
  say "removing packages"
  apt-mark auto $candidates
  apt-get -q -s -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false autoremove | sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort -u >"$dir/removable"
  gone=$(comm -12 "$dir/ours" "$dir/removable")
  if [ -n "$gone" ]; then apt_get -y -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false purge $gone; fi
}

# Packages that were asked for once and are not any more.
forget_packages() {
  sed -n "s/^package$tab//p" "$mine/record" | sort -u >"$dir/packages.asked"
  touch "$mine/asked"
  comm -23 "$mine/asked" "$dir/packages.asked" >"$dir/unwanted"
  if [ -s "$dir/unwanted" ]; then purge_packages "$dir/unwanted"; fi
  cp "$dir/packages.asked" "$mine/asked"
}

step_sysctls() { # PATH
  # Lines are "key=value"; a leading "-" means that the kernel may lack the key.
  sed -n 's/^\(-\{0,1\}[A-Za-z0-9_./-]*\) *= *\(.*\)$/\1 \2/p' "$1" >"$dir/sysctls"
  : >"$mine/unsettable"
  while read -r key value; do
    key=${"$"}{key#-}
    file=/proc/sys/$(printf %s "$key" | tr ./ /.)
    if [ ! -e "$file" ]; then
      printf '%s\n' "$key" >>"$mine/unsettable"
      continue
    fi
    before=$(cat "$file")
    if ! grep -q "^$key$tab" "$mine/sysctls"; then printf '%s\t%s\n' "$key" "$before" >>"$mine/sysctls"; fi
    if [ "$(printf %s "$before" | tr '\t' ' ')" = "$value" ]; then continue; fi
    if ! printf '%s\n' "$value" 2>/dev/null >"$file"; then
      printf '%s\n' "$key" >>"$mine/unsettable"
      warn "the host does not let $key be set (it is $before, wanted $value)"
    fi
  done <"$dir/sysctls"
  # Settings that are no longer wanted go back.
  cp "$mine/sysctls" "$dir/sysctls.was"
  while IFS=$tab read -r key value; do
    if ! grep -q -e "^-\{0,1\}$key " "$dir/sysctls"; then restore_sysctl "$key" "$value"; fi
  done <"$dir/sysctls.was"
}

restore_sysctl() {
  printf '%s\n' "$2" 2>/dev/null >"/proc/sys/$(printf %s "$1" | tr ./ /.)" || :
  grep -v "^$1$tab" "$mine/sysctls" >"$mine/sysctls.new" || :
  mv -f "$mine/sysctls.new" "$mine/sysctls"
}

unit_state() { systemctl show -p UnitFileState -p ActiveState --value -- "$1" 2>/dev/null | tr '\n' "$tab"; }
remember_unit() {
  if ! grep -qF -e "$1$tab" "$mine/units"; then printf '%s\t%s\n' "$1" "$(unit_state "$1")" >>"$mine/units"; fi
}

# Packages enable and start their units: how things were has to be known before.
step_remember() { remember_unit "$1"; }

# A mask stands in the place of the unit: nothing enables or starts it.
unmask() {
  case $(systemctl is-enabled -- "$1" 2>/dev/null || :) in
    masked) run systemctl unmask -- "$1" ;;
    masked-runtime) run systemctl unmask --runtime -- "$1" ;;
  esac
}

step_unit() { # UNIT ENABLED ACTIVE
  remember_unit "$1"
  online=systemd-networkd-wait-online.service
  if [ "$1" = systemd-networkd.service ]; then remember_unit "$online"; before=$(systemctl is-enabled "$online" 2>/dev/null || :); fi
  unmask "$1"
  state=$(systemctl is-enabled -- "$1" 2>/dev/null || :)
  case $2:$state in
    enabled:enabled | disabled:disabled | -:*) ;;
    enabled:*) run systemctl enable -- "$1" ;;
    disabled:*) run systemctl disable -- "$1" ;;
  esac
  # Enabling networkd enables a unit that would delay every boot until networkd's links are up; it has none.
  if [ "$1" = systemd-networkd.service ] && [ "$before" != enabled ]; then run systemctl disable "$online" || :; fi
  case $3 in
    active) if ! systemctl -q is-active -- "$1"; then run systemctl start -- "$1"; fi ;;
    inactive) if systemctl -q is-active -- "$1"; then run systemctl stop -- "$1"; fi ;;
  esac
}

drop_in=/etc/systemd/resolved.conf.d/60-pulumi-nspawn.conf

# Before resolved is installed: the servers that answer now are written down for it, so names go on resolving.
step_keep_names() {
  case $(readlink /etc/resolv.conf || :) in */systemd/resolve/*) return 0 ;; esac
  claim_path /etc/resolv.conf yes
  servers=$(sed -n 's/^nameserver[[:space:]]*//p' /etc/resolv.conf | grep -v '^127\.' | tr '\n' ' ' || :)
  if [ -z "$servers" ]; then return 0; fi
  claim_path "$drop_in" yes
  make_directory "${"$"}{drop_in%/*}"
  printf '%s\n' '# Written by pulumi-nspawn from the resolv.conf that was here before.' '[Resolve]' "DNS=$servers" >"$drop_in.new"
  mv -f "$drop_in.new" "$drop_in"
}

resolved_on_bus() {
  busctl --no-pager call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus NameHasOwner s org.freedesktop.resolve1 2>/dev/null | grep -q true
}

step_stub_resolver() {
  # A bus that read its policy before the package had made its account refuses resolved the name; then resolvectl, and
  # with it ifdown's hook, waits 25 s each time.
  if ! await 2 resolved_on_bus; then
    run systemctl reload dbus.service
    run systemctl restart systemd-resolved.service
    await 5 resolved_on_bus || warn "systemd-resolved is not on the bus; see journalctl -u dbus -u systemd-resolved"
  fi
  await 10 test -s /run/systemd/resolve/stub-resolv.conf || fail NSPAWN_STEP_FAILED "systemd-resolved runs, but wrote no stub-resolv.conf; see journalctl -u systemd-resolved"
  case $(readlink /etc/resolv.conf || :) in */run/systemd/resolve/stub-resolv.conf) return 0 ;; esac
  claim_path /etc/resolv.conf yes
  ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/.pulumi-nspawn.link
  mv -fT /etc/.pulumi-nspawn.link /etc/resolv.conf
}

step_uplink() {
  if [ -e /etc/pulumi-nspawn/uplink ]; then run sh /etc/pulumi-nspawn/uplink; fi
}
`;
