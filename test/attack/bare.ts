/** Takes what isolates machines from a network, and gives it back. */
export interface Bare {
  strip: string;
  restore: string;
}

const bridges = "for bridge in $(ls -d /sys/class/net/*/bridge | cut -d/ -f5)";
const ports = "for port in $(ls /sys/class/net/*/brport -d | cut -d/ -f5)";

/** A network that still leases and translates, whose machines may send what they like: no filter, no port apart, nothing known by hand. */
export const bare: Bare = {
  strip: `${bridges}; do
  table=pulumi-nspawn-$bridge
  nft "delete table bridge $table; delete table arp $table; flush chain inet $table prerouting; flush chain inet $table input; flush chain inet $table forward; flush chain inet $table output"
  ip neigh flush dev $bridge nud permanent
  bridge fdb show br $bridge | awk '/ master .* (static|permanent)/ { print $1, $3 }' | while read mac port; do
    [ "$mac" = "$(cat /sys/class/net/$port/address)" ] || bridge fdb del $mac dev $port master
  done
done
${ports}; do
  bridge link set dev $port isolated off learning on flood on mcast_flood on guard off
done`,
  restore: `${bridges}; do
  systemctl reload pulumi-nspawn-filter-$bridge.service
  networkctl reconfigure $bridge
done
${ports}; do networkctl reconfigure $port; done
sleep 2`,
};
