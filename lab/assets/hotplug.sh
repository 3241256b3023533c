#!/bin/sh
# In servers: what udev and hc-utils do at the provider for an interface of a private network.
# Lines of ip(8): "2: enp7s0@if5: <...> ... link/ether 86:00:... brd ...", after "Deleted" where it has gone.
{
  ip -o link show
  sleep 1
  ip -o link show
  ip -o monitor link
} | while IFS= read -r line; do
  case $line in *" link/ether 86:00:"*) ;; *) continue ;; esac
  name=$(printf '%s\n' "$line" | sed -n 's/^\(Deleted \)\{0,1\}[0-9]*: \([^:@]*\).*/\2/p')
  case $line in
    Deleted*) systemctl stop --no-block "hc-net-ifup@$name.service" ;;
    *) systemctl start --no-block "hc-net-ifup@$name.service" ;;
  esac
done
