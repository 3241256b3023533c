#!/bin/bash
# Runs a command inside a server. $1 = the lab's name, $2 = the server's id, then the command. Started in the lab's namespaces.
dir=/var/lib/pulumi-nspawn-lab/$1/servers/$2
shift 2
for _ in $(seq 50); do
  nspawn=$(cat "$dir/nspawn.pid" 2>/dev/null) && leader=$(pgrep -o -P "$nspawn" 2>/dev/null) && break
  [ -e "$dir/supervisor.pid" ] || break
  sleep 0.1
done
if [ -z "${leader:-}" ]; then
  echo "pulumi-nspawn lab: the server does not run" >&2
  exit 3
fi
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
  nsenter --target="$leader" --mount --uts --ipc --net --pid --cgroup --root --wd -- "$@"
