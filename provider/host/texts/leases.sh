# shellcheck shell=dash
# What the LAN's DHCP server has given is known as long as the table is. After that machines' clients have to ask anew, and they do
# when their carrier comes back. At boot, and in a namespace in which the rules are but tried, there are no ports.
knows_leases() { /usr/sbin/nft list map bridge @TABLE@ holders >/dev/null 2>&1; }
ask_anew() {
  ports=$(ip -o link show master @BRIDGE@ 2>/dev/null | sed -n 's/^[0-9]*: \(vb-[^:@]*\).*/\1/p')
  if [ -z "$ports" ]; then return 0; fi
  for port in $ports; do ip link set dev "$port" down || :; done
  sleep 1
  for port in $ports; do ip link set dev "$port" up || :; done
}
