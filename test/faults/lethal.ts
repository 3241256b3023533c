/**
 * The twelve configurations that end all logins (design paper "safety", section A), as a hand would make them on the
 * host between the change and its confirmation. The library's own arguments cannot express them.
 */
const lethal: Record<string, string> = {
  "wrong gateway": "ip route replace default via 172.31.1.99 dev eth0 onlink",
  "eth0 enslaved": "ip link set eth0 master br0; ip link set br0 down",
  "nft drops 22":
    "nft add table inet lethal; nft 'add chain inet lethal input { type filter hook input priority 0; }'; nft add rule inet lethal input tcp dport 22 drop",
  "/32 without onlink": "ip route del default; ip route del 172.31.1.1 dev eth0",
  "duplicate IP": "ip addr add 192.0.2.130/32 dev lo",
  "MTU 68": "ip link set eth0 mtu 68",
  "bridge steals MAC":
    'mac=$(cat /sys/class/net/eth0/address); ip link set eth0 address 02:00:00:00:00:99; ip link set br0 address "$mac"',
  "sshd stopped": "systemctl stop ssh.service; kill -9 $(pgrep -f '^sshd: ') 2>/dev/null || :",
  "key removed": ": >/root/.ssh/authorized_keys",
  "route to client removed": "ip route add unreachable 192.0.2.128/30",
  "link down": "ip link set eth0 down",
  "IPv6 only wrong": "ip -6 route replace default via fe80::99 dev eth0",
};

export const lethalNames: readonly string[] = Object.keys(lethal);

/** A shell command, or undefined when the name is of another fault. */
export const lethalScript = (name: string): string | undefined => lethal[name];
