# shellcheck shell=dash
# What others filter: rules of nftables and of both kinds of iptables, for netfilter/ to judge. Nothing is loaded for it.

# Bytes of all rules of one kind; more than that is not read but told.
MOST_RULES=2097152

facts_of_rulesets() {
  local name
  # shellcheck disable=SC2154 # the caller's
  rules_of_nft >"$out/ruleset" || :
  enough ruleset "the rules of nft"
  # Whose matches nft does not know.
  if ! command -v nft >/dev/null || grep -q '"xt":' "$out/ruleset"; then
    rules_of iptables ip iptables-nft-save
    rules_of iptables ip6 ip6tables-nft-save
  fi
  if [ -n "$(cat /proc/net/ip_tables_names 2>/dev/null)" ]; then rules_of legacy ip iptables-legacy-save; fi
  if [ -n "$(cat /proc/net/ip6_tables_names 2>/dev/null)" ]; then rules_of legacy ip6 ip6tables-legacy-save; fi
  for name in bridge-nf-call-iptables bridge-nf-call-ip6tables; do
    if [ -r "/proc/sys/net/bridge/$name" ]; then printf '%s\t%s\n' "$name" "$(cat "/proc/sys/net/bridge/$name")"; fi
  done >"$out/bridged"
}

# A table a line, without the elements of its sets and without counters.
rules_of_nft() {
  local _ family table
  if ! command -v nft >/dev/null; then return 0; fi
  nft list tables 2>/dev/null | while read -r _ family table; do
    case $table in
      pulumi-nspawn-* | '' | *[!A-Za-z0-9_./-]*) continue ;;
    esac
    # Asleep: nft's JSON of today does not say so.
    if nft -s -t list table "$family" "$table" 2>/dev/null | head -n 3 | grep -q '^[[:space:]]*flags .*dormant'; then continue; fi
    nft -s -t -j list table "$family" "$table" 2>/dev/null | grep '^{"nftables"' || :
  done
}

rules_of() { # KIND FAMILY PROGRAM
  if command -v "$3" >/dev/null; then
    "$3" 2>/dev/null >"$out/$1.$2" || :
    enough "$1.$2" "the rules of $3"
  elif [ "$1" = legacy ]; then
    printf '%s\n' "rules of iptables-legacy ($2), for which $3 is not on the host" >>"$out/ruleset.unread"
  fi
}

enough() { # FACT WHAT
  if [ "$(wc -c <"$out/$1")" -gt "$MOST_RULES" ]; then
    : >"$out/$1"
    printf '%s, which are more than %s bytes\n' "$2" "$MOST_RULES" >>"$out/ruleset.unread"
  fi
}
