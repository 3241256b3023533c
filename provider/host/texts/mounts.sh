# shellcheck shell=dash
tab=$(printf '\t')
for list in /var/lib/pulumi-nspawn/owners/*/machine; do
  [ "$(cat "$list")" = "$1" ] || continue
  while IFS=$tab read -r path place system; do
    state=$(mount_state "$path" "$place" "$system")
    [ "$state" = there ] || { echo "$path is $state; mount it as it was, and start the machine again" >&2; exit 1; }
  done <"${list%/machine}/mounts"
done
