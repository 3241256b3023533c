# shellcheck shell=dash
set -eu
machines() {
  # shellcheck disable=SC2043 # a pattern
  for file in @ROUTES@; do
    if [ -e "$file" ]; then printf '%s\n' "$file"; fi
  done | xargs -r -d '\n' awk -F = '@ELEMENTS@'
}
load() {
  cat @FILTER@
  machines
}
await() {
  timeout 30 sh -c '@AWAITED@'
  if ! /usr/sbin/nft get element @FAMILY@ @TABLE@ members "{ $1 }" >/dev/null; then
    echo "the packet filter of @BRIDGE@ does not know $1, so the machine is not started; see systemctl status @SERVICE@" >&2
    exit 1
  fi
}
@LEASES@ #lan
case $1 in
  load)
    # Whole, or not at all.
    rules=$(load)
    if knows_leases; then forgotten=no; else forgotten=yes; fi #lan
    printf '%s\n' "$rules" | /usr/sbin/nft -f -
    if [ "$forgotten" = yes ]; then ask_anew; fi #lan
    ;;
  await) await "$2" ;;
esac
