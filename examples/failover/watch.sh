#!/bin/sh
# Takes the floating address to this server when the other machine is silent and this one is not. Needs curl.
#
# ADDRESS_ID, SERVER_ID  ids at the provider: of the address, and of this server
# OWN, PEER              URLs of this server's machine and of the other one, by addresses that only they have
# CREDENTIALS_DIRECTORY  folder with the file `token`, readable by nobody else
set -u
: "${API:=https://api.hetzner.cloud/v1}" "${EVERY:=2}" "${FAILURES:=3}" "${REST:=60}"

alive() { curl -fs -o /dev/null -m 2 "$1"; }

# The token is written to curl's standard input: a command line can be read by everybody.
api() {
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$CREDENTIALS_DIRECTORY/token")" |
    curl -fsS -m 10 -K - -H 'Content-Type: application/json' "$@"
}
holder() { api "$API/floating_ips/$ADDRESS_ID" | tr -d ' \n' | sed -n 's/.*"server":\([0-9]*\).*/\1/p'; }

misses=0
while sleep "$EVERY"; do
  if alive "$PEER"; then
    misses=0
    continue
  fi
  misses=$((misses + 1))
  if [ "$misses" -lt "$FAILURES" ] || ! alive "$OWN"; then continue; fi
  now=$(holder) || continue
  if [ "$now" = "$SERVER_ID" ]; then continue; fi
  echo "$PEER is silent: taking the address from server ${now:-none}"
  if api -o /dev/null -d "{\"server\":$SERVER_ID}" "$API/floating_ips/$ADDRESS_ID/actions/assign"; then sleep "$REST"; fi
  misses=0
done
