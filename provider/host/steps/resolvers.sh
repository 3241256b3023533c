# shellcheck shell=dash
# Names: what resolved them before goes on doing so, and machines get servers that they can reach.

DROP_IN=/etc/systemd/resolved.conf.d/60-pulumi-nspawn.conf
RESOLV_HEADER='# Written by pulumi-nspawn'

# What a resolv.conf says: its servers one a line, the last words of a keyword.
servers_in() { sed -n 's/^[[:space:]]*nameserver[[:space:]]\{1,\}\([0-9A-Fa-f:.]\{2,\}\(%[A-Za-z0-9_.-]*\)\{0,1\}\).*/\1/p' "$1" 2>/dev/null || :; }
words_in() { # KEYWORDS FILE
  sed -n "s/^\($1\)[[:space:]]\{1,\}\([A-Za-z0-9:._ ~-]*\).*/\2/p" "$2" 2>/dev/null | tail -n 1 || :
}
# Of this host itself; 127.0.0.53 and .54 are resolved's own.
local_servers() { grep -E '^(127\.|::1$|0\.0\.0\.0$)' | grep -vxF -e 127.0.0.53 -e 127.0.0.54; }

leads_to_resolved() { case $(readlink /etc/resolv.conf || :) in */systemd/resolve/*) ;; *) return 1 ;; esac }

# Before resolved is installed: the servers that answer now are written down for it, so names go on resolving. A server
# on this host keeps its port, and its place in resolv.conf.
step_keep_names() {
  local servers search
  remember_name
  if leads_to_resolved || grep -qs "^$RESOLV_HEADER" /etc/resolv.conf; then return 0; fi
  claim_path /etc/resolv.conf yes
  servers=$(servers_in /etc/resolv.conf | grep -vxF -e 127.0.0.53 -e 127.0.0.54 | tr '\n' ' ' || :)
  search=$(words_in 'search\|domain' /etc/resolv.conf)
  if [ -z "$servers$search" ]; then return 0; fi
  {
    printf '%s\n' "$RESOLV_HEADER from the resolv.conf that was here before." '[Resolve]'
    if [ -n "$servers" ]; then printf 'DNS=%s\n' "$servers"; fi
    if [ -n "$search" ]; then printf 'Domains=%s\n' "$search"; fi
    if servers_in /etc/resolv.conf | local_servers >/dev/null; then echo 'DNSStubListener=no'; fi
  } >"$DIR/resolved"
  if cmp -s "$DIR/resolved" "$DROP_IN"; then return 0; fi
  claim_path "$DROP_IN" yes
  make_directory "${DROP_IN%/*}"
  cp "$DIR/resolved" "$DROP_IN.new"
  mv -f "$DROP_IN.new" "$DROP_IN"
  mark_changed resolved
}

resolved_on_bus() {
  busctl --no-pager call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus NameHasOwner s org.freedesktop.resolve1 2>/dev/null | grep -q true
}

step_stub_resolver() {
  # Installed by us it has read this when it started.
  case $CHANGED in *" resolved "*) run systemctl try-restart systemd-resolved.service || : ;; esac
  # A bus that read its policy before the package had made its account refuses resolved the name; then resolvectl, and
  # with it ifdown's hook, waits 25 s each time.
  if ! await 2 resolved_on_bus; then
    run systemctl reload dbus.service
    run systemctl restart systemd-resolved.service
    await 5 resolved_on_bus || warn "systemd-resolved is not on the bus; see journalctl -u dbus -u systemd-resolved"
  fi
  await 10 test -s /run/systemd/resolve/stub-resolv.conf || fail NSPAWN_STEP_FAILED "systemd-resolved runs, but wrote no stub-resolv.conf; see journalctl -u systemd-resolved"
  place_resolv_conf
  compare_name
}

# A link to resolved's own, or what was there before where resolved cannot say the same.
place_resolv_conf() {
  local was options search
  was=$MINE/was/etc/resolv.conf
  if grep -qs '^DNSStubListener=no' "$DROP_IN"; then
    if leads_to_resolved || [ -z "$(servers_in /etc/resolv.conf)" ]; then put_resolv_conf "$was"; fi
    return 0
  fi
  # resolved has no options of its own to hand on.
  options=$(words_in options "$was")
  if [ -n "$options" ]; then
    search=$(words_in 'search\|domain' "$was")
    {
      printf '%s\n' "$RESOLV_HEADER: systemd-resolved answers, with the options that were here before." 'nameserver 127.0.0.53'
      printf 'options edns0 trust-ad %s\n' "$options"
      if [ -n "$search" ]; then printf 'search %s\n' "$search"; fi
    } >"$DIR/resolv.conf.own"
    if [ ! -L /etc/resolv.conf ] && cmp -s "$DIR/resolv.conf.own" /etc/resolv.conf; then return 0; fi
    claim_path /etc/resolv.conf yes
    put_resolv_conf "$DIR/resolv.conf.own"
    return 0
  fi
  case $(readlink /etc/resolv.conf || :) in */run/systemd/resolve/stub-resolv.conf) return 0 ;; esac
  claim_path /etc/resolv.conf yes
  ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/.pulumi-nspawn.link
  mv -fT /etc/.pulumi-nspawn.link /etc/resolv.conf
}

put_resolv_conf() { # FILE
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then return 0; fi
  rm -f /etc/.pulumi-nspawn.link
  cp -a "$1" /etc/.pulumi-nspawn.link
  mv -fT /etc/.pulumi-nspawn.link /etc/resolv.conf
}

# A name that the host can resolve before the change: the server of its packages.
resolves() { run timeout 4 getent ahosts "$1" >/dev/null; } # NAME
remember_name() {
  NAME_BEFORE=$(grep -rhosE '(https?|ftp)://[A-Za-z0-9.-]+\.[A-Za-z]+' /etc/apt/sources.list /etc/apt/sources.list.d | sed 's|.*://||' | head -n 1 || :)
  NAME_BEFORE=${NAME_BEFORE:-debian.org}
  resolves "$NAME_BEFORE" || NAME_BEFORE=""
}

compare_name() {
  local _
  if [ -z "${NAME_BEFORE:-}" ]; then return 0; fi
  for _ in 1 2 3; do
    if resolves "$NAME_BEFORE"; then return 0; fi
    sleep 1
  done
  warn "the host resolved $NAME_BEFORE before this change, and does not now: /etc/resolv.conf has $(servers_in /etc/resolv.conf | tr '\n' ' '), systemd-resolved asks $(servers_in /run/systemd/resolve/resolv.conf | tr '\n' ' '); see resolvectl status, or set resolved: false"
}

# Where servers stand on a host, the nearest first; each says them one a line.
RESOLVER_SOURCES="resolv_conf resolved interfaces networkd leases"
from_resolv_conf() { servers_in /etc/resolv.conf; }
from_resolved() { servers_in /run/systemd/resolve/resolv.conf; }
# shellcheck disable=SC2020 # characters
from_interfaces() { cat /etc/network/interfaces /etc/network/interfaces.d/* 2>/dev/null | sed -n 's/^[[:space:]]*dns-nameservers\{0,1\}[[:space:]]\{1,\}//p' | tr -s ' \t' '\n\n'; }
from_networkd() { cat /etc/systemd/network/*.network /run/systemd/network/*.network /run/systemd/netif/links/* 2>/dev/null | sed -n 's/^DNS=//p' | tr -s ' ' '\n' | sed 's/#.*//'; }
from_leases() {
  cat /run/systemd/netif/leases/* 2>/dev/null | sed -n 's/^DNS=//p' | tr -s ' ' '\n'
  # shellcheck disable=SC2020 # characters
  cat /var/lib/dhcp/dhclient*.leases 2>/dev/null | sed -n 's/.*option \(dhcp6\.\)\{0,1\}\(domain-\)\{0,1\}name-servers \([^;]*\);.*/\3/p' | tail -n 2 | tr -s ', ' '\n\n'
}

# What a machine with these families can ask. The host's own addresses come last: it answers machines what hostServices opens.
reachable_servers() { # FAMILIES
  local source
  : >"$DIR/servers"
  for source in $RESOLVER_SOURCES; do
    "from_$source" | grep -E '^[0-9A-Fa-f:.]{2,45}$' | grep -viE '^(127\.|0\.|169\.254\.|::1?$|fe[89ab])' | of_families "$1" >"$DIR/servers" || :
    if [ -s "$DIR/servers" ]; then break; fi
  done
  ip -o addr 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }' >"$DIR/own"
  {
    grep -vxF -f "$DIR/own" "$DIR/servers" || :
    grep -xF -f "$DIR/own" "$DIR/servers" || :
  } | awk '!seen[$0]++' | head -n 3
}
of_families() {
  case $1 in
    4) grep -v : ;;
    6) grep : ;;
    *) cat ;;
  esac
}

# The host's resolvers, once; after that the file is the machine's.
step_guest_resolver() { # MACHINE FAMILIES: 4, 6 or 46
  local machine="$1" families="$2"
  local from options search by source
  if [ "$FRESH" = no ]; then return 0; fi
  from=/etc/resolv.conf
  options=$(words_in options "$from" | sed 's/\(^\| \)\(trust-ad\|edns0\)\( \|$\)/\1\3/g; s/\(^\| \)\(trust-ad\|edns0\)\( \|$\)/\1\3/g' | tr -s ' ' | sed 's/^ //; s/ $//')
  search=$(words_in 'search\|domain' "$from")
  reachable_servers "$families" >"$DIR/resolvers"
  {
    sed 's/^/nameserver /' "$DIR/resolvers"
    if [ -n "$search" ] && [ "$search" != . ]; then printf 'search %s\n' "$search"; fi
    if [ -n "$options" ]; then printf 'options %s\n' "$options"; fi
  } >"$DIR/resolv.conf"
  in_tree write etc/resolv.conf 0644 "$DIR/resolv.conf"
  if [ ! -s "$DIR/resolvers" ]; then
    case $families in 4) by=" by IPv4" ;; 6) by=" by IPv6" ;; *) by="" ;; esac
    warn "$machine has no name server: the host has none that a machine can reach$by (it has $(for source in $RESOLVER_SOURCES; do "from_$source"; done | sort -u | tr '\n' ' ')); give the machine its servers by dns"
  fi
}
