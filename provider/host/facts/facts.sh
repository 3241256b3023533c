# shellcheck shell=dash
# Everything that read wants to know, in one go: texts by name, and files.

asked() { sed -n "s/^$1$TAB//p" "$out/records" | sort -u; }

step_facts() { # KEY of one resource, - for all, none for none
  local key="$1"
  say "reading the host's state"
  whole_addresses
  tell_facts "$key"
}

# Bytes of one fact, of a file that is read, and of what a machine says of its network.
MOST_FACTS=8388608 MOST_FILE=524288 MOST_GUEST=524288

tell_facts() {
  local out record key machine
  cd /
  out=$DIR/facts
  mkdir -p "$out"
  if [ "$1" = - ]; then set -- "$OWNERS"/*/record; else set -- "$OWNERS/$1/record"; fi
  # What the step diagnose asks for beside the records; it wrote facts of its own too.
  cat "$DIR/asked" >"$out/records" 2>/dev/null || :
  for record in "$@"; do
    # It may go meanwhile, by the end of another program.
    if cat "$record" >"$DIR/one" 2>/dev/null; then
      key=${record%/record}
      printf 'key\t%s\n' "${key##*/}" >>"$out/records"
      cat "$DIR/one" >>"$out/records"
      if [ -s "$key/unsettable" ]; then sed "s/^/unsettable$TAB/" "$key/unsettable" >>"$out/records" || :; fi
      if [ -s "$key/reached" ]; then sed "s/^/reached$TAB/" "$key/reached" >>"$out/records" || :; fi
    fi
  done
  # Whoever is asked about: what leads outside may be a port of another resource's bridge.
  sed -n "s/^uplink$TAB//p" "$OWNERS"/*/record 2>/dev/null | sort -u >"$out/uplinks" || :
  # Beside the rest: guests take longest to ask.
  facts_of_others &
  facts_of_filters >"$out/filters" &
  facts_of_rulesets &
  facts_of_mounts >"$out/mounts" &
  facts_of_quotas >"$out/quotas" &
  facts_of_network
  facts_of_units
  facts_of_system
  facts_of_logins
  for machine in $(asked machine); do
    facts_of_guest "$machine" >"$out/guest.$machine" 2>/dev/null &
  done
  wait
  # After the pings of doctor, by which hosts of a mesh show their keys.
  facts_of_wireguard >"$out/wireguard"
  facts_of_files
  find "$out" -type f | sed "s|^|-$TAB|" | tree_pl read - "$MOST_FACTS" >"$DIR/facts.list"
  frame result facts "$DIR/facts.list"
  frame result files "$DIR/files"
}

# State, the address of its first cable, and its addresses, which only the machine knows: those of host0 by themselves, so
# that no number of others is in their way.
facts_of_guest() {
  local state leader shown
  if ! systemctl -q is-active "systemd-nspawn@$1.service"; then return 0; fi
  state=$(guest_state "$1")
  printf '%s\n' "${state:-unknown}"
  leader=$(machinectl show "$1" -p Leader --value) || return 0
  for shown in 'link show dev host0' 'addr show dev host0' 'addr show'; do
    # shellcheck disable=SC2086 # words
    nsenter -t "$leader" -n ip -j $shown | head -c "$MOST_GUEST" | tr '\n' ' '
    printf '\n'
  done
}

facts_of_network() {
  ip -j -d link >"$out/link"
  ip -j addr >"$out/addr"
  ip -j -4 route >"$out/route4"
  ip -j -6 route >"$out/route6" || printf '[]' >"$out/route6"
  ip -j -4 neigh show proxy >"$out/proxy4"
  ip -j -6 neigh show proxy >"$out/proxy6" || printf '[]' >"$out/proxy6"
  ip -j neigh show nud permanent >"$out/permanent"
  if has_neighbour_proxy; then answers_for >"$out/answers"; fi
  bridge -j fdb show >"$out/fdb" || printf '[]' >"$out/fdb"
}

# Public keys alone: `wg show dump` and `wg showconf` would tell the secret ones.
facts_of_wireguard() {
  local what
  if ! command -v wg >/dev/null; then return 0; fi
  if [ -e "$WG_KEY" ]; then printf 'own\t%s\t%s\n' "$(public_key)" "$(stat -c '0%a %U:%G' "$WG_KEY")"; fi
  # Of ours, whose names nobody else uses.
  for what in public-key listen-port allowed-ips; do
    wg show all "$what" 2>/dev/null | awk -v OFS="$TAB" -v what="$what" '$1 ~ /^wg-[0-9]+$/ { print what, $0 }' || :
  done
  wg show all latest-handshakes 2>/dev/null | awk -v OFS="$TAB" -v now="$(date +%s)" '
    $1 ~ /^wg-[0-9]+$/ && $3 > 0 { print "heard", $1, $2, (now > $3 ? now - $3 : 0) }' || :
}

facts_of_units() {
  local key
  asked unit >"$out/units.asked"
  if [ -s "$out/units.asked" ]; then
    # shellcheck disable=SC2046 # words
    systemctl show -p Id -p UnitFileState -p ActiveState -p CPUQuotaPerSecUSec -p CPUWeight -p IOWeight -p MemoryHigh -p MemoryMax -p TasksMax $(cat "$out/units.asked") >"$out/units" || :
  fi
  asked package >"$out/packages.asked"
  if [ -s "$out/packages.asked" ]; then
    # shellcheck disable=SC2046 # words
    dpkg-query -W -f='${Package}\t${db:Status-Status}\n' $(cat "$out/packages.asked") >"$out/packages" 2>/dev/null || :
  fi
  asked sysctl | while read -r key; do
    printf '%s\t%s\n' "$key" "$(tr '\t' ' ' <"/proc/sys/$(printf %s "$key" | tr ./ /.)" 2>/dev/null || :)"
  done >"$out/sysctls"
}

facts_of_system() {
  if [ -e "$STORE_FILE" ]; then echo file >"$out/storage"; fi
  cat /etc/os-release >"$out/os" 2>/dev/null || :
  systemctl --version | head -n 1 >"$out/systemd"
}

# Nothing in a machine's tree is followed or waited for, and what has no end, or no content, is only named.
facts_of_files() {
  {
    asked file | awk -v trees="$TREES/" -v OFS="$TAB" 'index($0, trees) != 1 { print "-", $0; next }
      { path = substr($0, length(trees) + 1); machine = path; sub("/.*", "", machine); print trees machine, substr(path, length(machine) + 2) }'
    asked machine | sed "s|^|-$TAB$TREES/|"
  } >"$DIR/paths"
  tree_pl read - "$MOST_FILE" <"$DIR/paths" >"$DIR/files" || :
}
