#!/bin/sh
# Tries in namespaces of its own what a lab needs of the kernel.
set -e
ip link set lo up
ip link add probe0 type veth peer name probe1
nft -f - <<'END'
table netdev probe { chain c { type filter hook ingress device "probe0" priority 0; policy accept; }
}
END
mount -t tmpfs none /mnt
