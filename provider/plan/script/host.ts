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

# A new server installs and writes while cloud-init runs; what it still does would collide.
step_cloud_init() {
  if ! command -v cloud-init >/dev/null; then return 0; fi
  say "waiting for cloud-init"
  run timeout 240 cloud-init status --wait || :
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

step_install() {
  if [ -z "$missing$wanted" ]; then return 0; fi
  say "updating the package lists"
  apt="apt-get -q -o DPkg::Lock::Timeout=180 -o Acquire::Retries=2 -o Acquire::http::Timeout=30"
  # Without Error-Mode=any an unreachable mirror is only a warning.
  run $apt -o APT::Update::Error-Mode=any update || run $apt update || refused_mirror "the package lists could not be fetched"
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
  if ! run $apt -y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install $missing; then
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
  apt="apt-get -q -o DPkg::Lock::Timeout=180 -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false"
  $apt -s autoremove | sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort -u >"$dir/removable"
  gone=$(comm -12 "$dir/ours" "$dir/removable")
  if [ -n "$gone" ]; then run $apt -y purge $gone; fi
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

step_uplink() {
  if [ -e /etc/pulumi-nspawn/uplink ]; then run sh /etc/pulumi-nspawn/uplink; fi
}
`;
