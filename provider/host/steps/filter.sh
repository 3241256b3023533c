# shellcheck shell=dash
# The packet filter of protected bridges: one file per bridge, which takes those of its machines along.

FILTERS=/etc/pulumi-nspawn/filter

# What changes by itself is left out: the elements of sets that packets add to.
# shellcheck disable=SC2016 # for another shell
FILTER_TABLES='for family in bridge arp inet; do nft -s list table "$family" "pulumi-nspawn-$1" || exit 1; done'
without_traffic() {
  awk '/^\t(set|map) /{ dynamic = 0 } /flags dynamic/{ dynamic = 1 } /^\t\telements = /{ skip = dynamic } !skip { print } /}$/{ skip = 0 }'
}
# What the file means is what the kernel makes of it in a namespace of its own, so that it can be compared.
filter_wanted() { unshare --net sh -c "sh $FILTERS/$1.sh load && $FILTER_TABLES" sh "$1" | without_traffic; }
filter_loaded() { sh -c "$FILTER_TABLES" sh "$1" 2>/dev/null | without_traffic; }

step_filter() {
  local bridge="$1"
  if ! command -v nft >/dev/null; then
    if [ ! -e "$FILTERS/$bridge.nft" ]; then return 0; fi
    fail NSPAWN_STEP_FAILED "nft is not on the host, which the filter of $bridge needs; run up on its BridgeNetwork, which installs nftables"
  fi
  if [ ! -e "$FILTERS/$bridge.nft" ]; then
    unload_filter "$bridge"
    return 0
  fi
  filter_wanted "$bridge" >"$DIR/filter.wanted"
  if [ ! -s "$DIR/filter.wanted" ]; then
    refuse_former "$bridge"
    fail NSPAWN_STEP_FAILED "the kernel or nft refuses the filter of $bridge: $(grep -v '^[[:space:]]*^' "$DIR/log" | tail -n 4); the kernel needs nf_tables for the families bridge, arp and inet"
  fi
  filter_loaded "$bridge" >"$DIR/filter.loaded"
  if cmp -s "$DIR/filter.wanted" "$DIR/filter.loaded"; then return 0; fi
  load_filter "$bridge"
  filter_loaded "$bridge" >"$DIR/filter.loaded"
  if cmp -s "$DIR/filter.wanted" "$DIR/filter.loaded"; then return 0; fi
  # Sets that the file does not have any more stay in a table that is filled anew.
  unload_filter "$bridge"
  load_filter "$bridge"
}
# What machines add to the filter names sets of the mode in which they were made.
refuse_former() { # BRIDGE
  local names
  names=$(for file in "$FILTERS/$1.d"/*.nft "/etc/systemd/network/10-$1.network.d"/*.conf; do if [ -e "$file" ]; then basename "${file%.*}"; fi; done | sort -u | paste -sd, | sed 's/,/, /g')
  if [ -z "$names" ] || ! grep -v '^include ' "$FILTERS/$1.nft" | unshare --net nft -f - 2>/dev/null; then return 0; fi
  fail NSPAWN_INVALID_INPUT "machines on $1 ($names) are as its former mode had them, and its filter does not load with both: a bridge that machines are on keeps its mode. Take the machines off it first, in an up of its own, or declare the new network under another name (bridge)"
}
load_filter() { # BRIDGE
  sh "$FILTERS/$1.sh" load || fail NSPAWN_STEP_FAILED "the filter of $1 could not be loaded: $(tail -n 4 "$DIR/log")"
}

# As a machine's file has them; of all bridges, because the host has each port once.
step_ports_free() {
  local machine="$1" ports="$2"
  local port file
  while IFS= read -r port; do
    file=$(grep -lsF -e "{ $port :" -e ", $port :" "$FILTERS"/*.d/*.nft | grep -vF -e "/$machine.nft" | head -n 1 || :)
    if [ -z "$file" ]; then continue; fi
    file=${file##*/}
    fail NSPAWN_OWNED "port ${port##* }/${port%% *} of the host leads to the machine ${file%.nft} already; choose another one. Where ${file%.nft} goes, or is renamed, let one up take the port from it and the next one give it"
  done <"$DIR/texts/$ports"
}

step_filters_left() {
  local bridge
  if [ ! -e "$DIR/left" ]; then return 0; fi
  sort -u "$DIR/left" >"$DIR/left.bridges"
  while IFS= read -r bridge; do
    if [ -e "$FILTERS/$bridge.nft" ]; then step_filter "$bridge"; fi
  done <"$DIR/left.bridges"
}

unload_filter() { # BRIDGE
  local family
  if ! command -v nft >/dev/null; then return 0; fi
  for family in bridge arp inet; do nft delete table "$family" "pulumi-nspawn-$1" 2>/dev/null || :; done
}

step_unload_filter() {
  local bridge="$1"
  unload_filter "$bridge"
}

# After a rollback: what the files say, and nothing of bridges that have none.
undo_filters() {
  local bridge file
  if ! command -v nft >/dev/null; then return 0; fi
  for bridge in $(nft list tables bridge 2>/dev/null | sed -n 's/^table bridge pulumi-nspawn-//p'); do
    if [ ! -e "$FILTERS/$bridge.nft" ]; then unload_filter "$bridge"; fi
  done
  for file in "$FILTERS"/*.sh; do
    if [ -e "$file" ]; then sh "$file" load; fi
  done
}

facts_of_filters() {
  local file bridge state
  for file in "$FILTERS"/*.nft; do
    if [ ! -e "$file" ]; then continue; fi
    bridge=${file##*/} bridge=${bridge%.nft}
    # shellcheck disable=SC2154 # the caller's
    filter_wanted "$bridge" >"$out/filter.$bridge.wanted" 2>/dev/null || :
    filter_loaded "$bridge" >"$out/filter.$bridge.loaded" || :
    state=changed
    if [ ! -s "$out/filter.$bridge.loaded" ]; then state=absent; fi
    if [ -s "$out/filter.$bridge.wanted" ] && cmp -s "$out/filter.$bridge.wanted" "$out/filter.$bridge.loaded"; then state=loaded; fi
    printf '%s\t%s\n' "$bridge" "$state"
    rm -f "$out/filter.$bridge.wanted" "$out/filter.$bridge.loaded"
  done
}
