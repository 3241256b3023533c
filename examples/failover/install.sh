#!/bin/sh
# Puts the watcher on both servers. The token comes on standard input and stands in no command line: install.sh <token-file
set -eu
cd "$(dirname "$0")"
token=$(cat)
stack=$(pulumi stack output --json)
field() { printf '%s' "$stack" | node -e 'let t="";process.stdin.on("data",c=>t+=c).on("end",()=>console.log(process.argv[1].split(".").reduce((o,k)=>o[k],JSON.parse(t))))' "$1"; }

for pair in "a b" "b a"; do
  own=${pair% *} peer=${pair#* }
  ssh "root@$(field "$own.ssh")" 'umask 077; mkdir -p /etc/failover; cat >/etc/failover/watch.sh' <watch.sh
  ssh "root@$(field "$own.ssh")" 'cat >/etc/systemd/system/failover.service' <failover.service
  printf 'ADDRESS_ID=%s\nSERVER_ID=%s\nOWN=%s\nPEER=%s\n' "$(field addressId)" "$(field "$own.server")" "$(field "$own.url")" "$(field "$peer.url")" |
    ssh "root@$(field "$own.ssh")" 'umask 077; cat >/etc/failover/environment'
  printf '%s\n' "$token" | ssh "root@$(field "$own.ssh")" 'umask 077; cat >/etc/failover/token; chmod 0755 /etc/failover; chmod 0644 /etc/failover/watch.sh; systemctl daemon-reload; systemctl enable failover.service; systemctl restart failover.service'
done
