# by pulumi-nspawn
set -eu
machines() {
  for file in /etc/systemd/network/10-br0.network.d/*.conf; do
    if [ -e "$file" ]; then printf '%s\n' "$file"; fi
  done | xargs -r -d '\n' awk -F = '
function group(text) { return substr("0000" text, length(text) + 1) }
function number(address,   halves, left, right, before, after, text, at) {
  split(address, halves, "::")
  before = split(halves[1], left, ":")
  after = split(halves[2], right, ":")
  for (at = 1; at <= before; at++) text = text group(left[at])
  for (at = before + after; at < 8; at++) text = text "0000"
  for (at = 1; at <= after; at++) text = text group(right[at])
  return "0x" text
}
function add(table, set, value) { said = said "add element " table " pulumi-nspawn-br0 " set " { " value " }\n" }
FNR == 1 {
  ours = $0 == "# by pulumi-nspawn"
  port = FILENAME
  gsub(/^.*\/|\.conf$/, "", port)
  port = "\"vb-" port "\""
  said = ""
}
!ours { next }
$1 == "Destination" || $1 == "Address" {
  sub(/\/.*$/, "", $2)
  family = $2 ~ /:/ ? 6 : 4
  add("bridge", "source" family, port " . " $2)
  if (family == 6) add("bridge", "target6", port " . " number($2))
  if ($1 == "Destination") add("inet", "own" family, $2)
}
$1 == "LinkLayerAddress" {
  add("bridge", "members", port)
  add("bridge", "ports", port " . " $2)
  gsub(/:/, "", $2)
  add("bridge", "option6", port " . 0x" $2)
  printf "%s", said
}
'
}
load() {
  cat /etc/pulumi-nspawn/filter/br0.nft
  machines
}
await() {
  timeout 30 sh -c 'until [ -e /sys/class/net/br0/bridge ]; do sleep 0.1; done'
  if ! /usr/sbin/nft get element bridge pulumi-nspawn-br0 members "{ $1 }" >/dev/null; then
    echo "the packet filter of br0 does not know $1, so the machine is not started; see systemctl status pulumi-nspawn-filter-br0.service" >&2
    exit 1
  fi
}
# What the LAN's DHCP server has given is known as long as the table is. After that machines' clients have to ask anew, and they do
# when their carrier comes back. At boot, and in a namespace in which the rules are but tried, there are no ports.
knows_leases() { /usr/sbin/nft list map bridge pulumi-nspawn-br0 holders >/dev/null 2>&1; }
ask_anew() {
  ports=$(ip -o link show master br0 2>/dev/null | sed -n 's/^[0-9]*: \(vb-[^:@]*\).*/\1/p')
  if [ -z "$ports" ]; then return 0; fi
  for port in $ports; do ip link set dev "$port" down || :; done
  sleep 1
  for port in $ports; do ip link set dev "$port" up || :; done
}
case $1 in
  load)
    # Whole, or not at all.
    rules=$(load)
    if knows_leases; then forgotten=no; else forgotten=yes; fi
    printf '%s\n' "$rules" | /usr/sbin/nft -f -
    if [ "$forgotten" = yes ]; then ask_anew; fi
    ;;
  await) await "$2" ;;
esac
