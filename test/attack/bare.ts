/** Takes what isolates machines from a network, and gives it back. */
export interface Bare {
  strip: string;
  restore: string;
}

const bridges = "for bridge in $(ls -d /sys/class/net/*/bridge | cut -d/ -f5)";
const ports = "for port in $(ls /sys/class/net/*/brport -d | cut -d/ -f5)";

/** Of each bridge the filter; what translates for its machines stays. */
const noFilter = `${bridges}; do
  table=pulumi-nspawn-$bridge
  nft delete table bridge $table; nft delete table arp $table
  nft list table inet $table | awk '$1 == "chain" { chain = $2 } /type filter hook/ { print chain }' | while read -r chain; do
    nft flush chain inet $table $chain
  done
done`;

const filterAgain = `${bridges}; do
  systemctl reload pulumi-nspawn-filter-$bridge.service || exit
done`;

const portsOpen = `${ports}; do
  bridge link set dev $port isolated off learning on flood on mcast_flood on guard off
done`;

const portsAgain = `${ports}; do networkctl reconfigure $port; done
sleep 2`;

/** Where machines trust each other: the host alone is shut. */
export const bareHost: Bare = { strip: noFilter, restore: filterAgain };

const snooping = "/sys/class/net/$bridge/bridge/multicast_snooping";

/** A network whose machines may send what they like: no filter, no port apart, and groups as a bridge has them by itself. */
export const bareBridge: Bare = {
  strip: `${noFilter}
${portsOpen}
${bridges}; do cat ${snooping} >/run/attack-snooping-$bridge; ip link set $bridge type bridge mcast_snooping 1; done`,
  restore: `${filterAgain}
${bridges}; do
  [ ! -e /run/attack-snooping-$bridge ] || ip link set $bridge type bridge mcast_snooping "$(cat /run/attack-snooping-$bridge)"
done
${portsAgain}`,
};

/** The same of one that still leases and translates: nothing is known by hand either. */
export const bareNat: Bare = {
  strip: `${noFilter}
${bridges}; do
  ip neigh flush dev $bridge nud permanent
  bridge fdb show br $bridge | awk '/ master .* (static|permanent)/ { print $1, $3 }' | while read -r mac port; do
    [ "$mac" = "$(cat /sys/class/net/$port/address)" ] || bridge fdb del $mac dev $port master
  done
done
${portsOpen}`,
  restore: `${filterAgain}
${bridges}; do networkctl reconfigure $bridge; done
${portsAgain}`,
};
