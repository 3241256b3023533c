# shellcheck shell=dash
# shellcheck disable=SC2034 # render adds the last line, which ends with the result
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
lists=/etc/pulumi-nspawn/proxies.d
state=/run/pulumi-nspawn

# The interface of the first default route of a family, which is the one with the lowest metric.
default_interface() {
  ip "$1" route show default 2>/dev/null |
    sed -n -e 's/^default .*dev \([^ ]*\).*/\1/p' -e 's/^[[:space:]]*nexthop .*dev \([^ ]*\).*/\1/p' |
    head -n 1
}

# Writes only what differs, and notes what was there; a family that is switched off has no such file.
setting() {
  [ -w "$1" ] || return 0
  before=$(cat "$1")
  [ "$before" != "$2" ] || return 0
  grep -qs "^$1 " "$state/settings" || echo "$1 $before" >>"$state/settings"
  echo "$2" >"$1"
}

# Who could open the lock could hold it.
mkdir -p "$state"
chmod 0700 "$state"
exec 9>"$state/lock"
flock 9

[ -n "$uplink" ] || uplink=$(default_interface -4)
[ -n "$uplink" ] || uplink=$(default_interface -6)
if [ -z "$uplink" ] || ! ip link show dev "$uplink" >/dev/null 2>&1; then
  echo "pulumi-nspawn: no uplink yet; this runs again when one comes up" >&2
  exit 0
fi

# The uplink of before is an interface like any other: a port of a bridge, perhaps.
if [ -f "$state/settings" ]; then
  while read -r file before; do
    case $file in
      */"$uplink"/*) ;;
      */proxy_delay)
        [ ! -w "$file" ] || echo "$before" >"$file"
        continue
        ;;
    esac
    echo "$file $before"
  done <"$state/settings" >"$state/settings.new"
  mv "$state/settings.new" "$state/settings"
fi

# A router that forwards ignores RAs at 1.
ra=/proc/sys/net/ipv6/conf/$uplink/accept_ra
if [ "$(cat "$ra" 2>/dev/null)" = 1 ]; then setting "$ra" 2; fi
# Else the first packet waits for up to 0.8 s.
setting "/proc/sys/net/ipv4/neigh/$uplink/proxy_delay" 0
setting "/proc/sys/net/ipv6/neigh/$uplink/proxy_delay" 0

for list in "$lists"/*.conf; do
  [ -f "$list" ] || continue
  sed -n "s/^\([0-9a-f.:][0-9a-f.:]*\)\$/neigh replace proxy \1 dev $uplink/p" "$list"
done | sort -u >"$state/wanted"

result=0
if [ -f "$state/proxies" ]; then
  # Gone ones may be gone already, with their interface or by its going down.
  sort -u "$state/proxies" | comm -23 - "$state/wanted" | sed 's/^neigh replace/neigh del/' >"$state/unwanted"
  ip -force -batch "$state/unwanted" 2>/dev/null || :
fi
if ! ip -force -batch "$state/wanted" 2>/dev/null; then
  # A line that is no address ends a batch, so one by one; only letters of addresses got this far.
  while read -r entry; do
    # shellcheck disable=SC2086
    ip $entry || result=1
  done <"$state/wanted"
fi
mv "$state/wanted" "$state/proxies"
rm -f "$state/unwanted"
