#!/bin/sh
# The raw work on the host: what an expert would write to make, start and remove many machines, without anything that manages them.
#   machines.sh learn            keep the files that the library wrote for the machines that are there
#   machines.sh up NAME...       clone, write these files, start all, wait until all are running
#   machines.sh down NAME...     stop and remove all
set -eu
kept=/var/lib/bench
trees=/var/lib/machines

learn() {
  mkdir -p "$kept"
  for key in /var/lib/pulumi-nspawn/owners/*; do
    [ -s "$key/machine" ] || continue
    name=$(cat "$key/machine")
    sed 's,^/,,' "$key/files" >"$kept/$name.files"
    # Written once at creation, and the machine's own after that.
    [ ! -e "$trees/$name/etc/resolv.conf" ] || echo "${trees#/}/$name/etc/resolv.conf" >>"$kept/$name.files"
    sort -u -o "$kept/$name.files" "$kept/$name.files"
    tar -C / -cf "$kept/$name.tar" -T "$kept/$name.files"
  done
}

# Where the trees are subvolumes of btrfs, the images are beside them.
image() { find "$trees/.pulumi-nspawn/images" /var/lib/pulumi-nspawn/images -mindepth 1 -maxdepth 1 -type d ! -name '*.partial' 2>/dev/null | head -n 1; }
is_subvolume() { [ "$(stat -f -c %T "$1")" = btrfs ] && [ "$(stat -c %i "$1")" = 256 ]; }

make() {
  if is_subvolume "$(image)"; then btrfs -q subvolume snapshot "$(image)" "$trees/$1"; else cp -a --reflink=auto "$(image)" "$trees/$1"; fi
  tar -C / -xf "$kept/$1.tar"
  [ ! -e "$trees/$1/usr/sbin/sshd" ] || ssh-keygen -q -A -f "$trees/$1"
}

# A protected bridge lets no machine start that its filter does not know.
filters() { for filter in /etc/pulumi-nspawn/filter/*.sh; do [ ! -e "$filter" ] || sh "$filter" load; done; }

await() {
  until systemctl --machine="$1" is-system-running 2>/dev/null | grep -qE '^(running|degraded)$'; do sleep 0.1; done
}

units() { for name; do echo "systemd-nspawn@$name.service"; done; }

up() {
  # As many clones at once as there are processors: more is not quicker.
  printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" make
  networkctl reload
  filters
  # Reloads the units too.
  # shellcheck disable=SC2046 # words
  systemctl -q enable $(units "$@")
  # shellcheck disable=SC2046 # words
  systemctl start $(units "$@")
  sh /etc/pulumi-nspawn/uplink
  for name; do await "$name"; done
}

down() {
  # shellcheck disable=SC2046 # words
  systemctl stop $(units "$@")
  # shellcheck disable=SC2046 # words
  systemctl -q disable $(units "$@")
  for name; do
    xargs -d '\n' -a "$kept/$name.files" -I{} rm -f "/{}"
    if is_subvolume "$trees/$name"; then btrfs -q subvolume delete "$trees/$name"; else rm -rf "${trees:?}/$name"; fi
    rmdir "/etc/systemd/system/systemd-nspawn@$name.service.d" 2>/dev/null || :
  done
  systemctl daemon-reload
  networkctl reload
  filters
  sh /etc/pulumi-nspawn/uplink
}

command=$1
shift
"$command" "$@"
