# shellcheck shell=dash
# What others have put where it could override or divert what is ours. Values that could be secret never leave the host.

# Files of others among those that the boot reads; ours, and what packages bring for units, are left out.
files_of_others() {
  for ROOT in /etc /run /usr/local/lib /usr/lib; do
    printf '%s\n' "$ROOT/sysctl.d" "$ROOT/systemd/networkd.conf.d" "$ROOT/systemd/network"
    if [ "$ROOT" != /usr/lib ]; then printf '%s\n' "$ROOT/systemd/system" "$ROOT/systemd/system.control"; fi
  done | xargs sh -c 'find "$@" -mindepth 1 -maxdepth 2 \( -path "*.d/*.conf" -o -name "*.network" -o -path "*/system/systemd-nspawn@*.service" \) ! -path "*.target.wants/*" -xtype f -print' sh 2>/dev/null >"$DIR/found.unsorted" || :
  # sysctl(8) reads it, and a boot where it is linked into sysctl.d.
  if [ -f /etc/sysctl.conf ] && ! find /etc/sysctl.d -type l -exec readlink -f {} + 2>/dev/null | grep -qxF /etc/sysctl.conf; then echo /etc/sysctl.conf >>"$DIR/found.unsorted"; fi
  sort "$DIR/found.unsorted" >"$DIR/found"
  sort -u "$OWNERS"/*/files 2>/dev/null | comm -13 - "$DIR/found"
}

# Path, section, key, and the value where it is needed and can be no secret.
settings_of_others() {
  files_of_others >"$DIR/others"
  if [ ! -s "$DIR/others" ]; then return 0; fi
  # shellcheck disable=SC2016
  xargs -a "$DIR/others" -d '\n' awk -v OFS="$TAB" '
    FNR == 1 { section = "" }
    /^[ \t]*([#;]|$)/ { next }
    /^[ \t]*\[.*\]/ { section = $0; gsub(/[][ \t]/, "", section); print FILENAME, section, "", ""; next }
    /=/ {
      at = index($0, "="); key = substr($0, 1, at - 1); value = substr($0, at + 1)
      gsub(/^[ \t]+|[ \t]+$/, "", key); gsub(/^[ \t]+|[ \t]+$/, "", value); gsub(/\t/, " ", value)
      if (FILENAME !~ /\/sysctl\.d\/|\/sysctl\.conf$|\/networkd\.conf\.d\// && section != "Match" && key != "Address" && key != "Unmanaged") value = ""
      print FILENAME, section, key, value
    }'
}

# Addresses that the boot gives to the host itself, per dialect of its own network configuration.
addresses_of_others() {
  grep -HosE '(^[[:space:]]*address|addr(ess)? (add|replace))[[:space:]]+[0-9a-fA-F.:]+' /etc/network/interfaces /etc/network/interfaces.d/*
  grep -HosE '[0-9a-fA-F.:]{3,}/[0-9]+' /etc/netplan/*.yaml
}

facts_of_others() {
  # shellcheck disable=SC2154 # the caller's
  settings_of_others >"$out/others" || :
  addresses_of_others >"$out/boot-addresses" || :
  grep -Hs 1 /proc/sys/net/ipv4/conf/*/proxy_arp /proc/sys/net/ipv4/conf/*/proxy_arp_pvlan >"$out/answers-all" || :
  grep -HsE '^(ADMIN_STATE|NETWORK_FILE)=' /run/systemd/netif/links/* >"$out/networkd" || :
  sed -n 's/^Destination=//p' /etc/systemd/network/*.network.d/*.conf >"$out/destinations" 2>/dev/null || :
  link_rules >"$out/link-rules" || :
  ip -j -4 rule >"$out/rule4"
  ip -j -6 rule >"$out/rule6" || printf '[]' >"$out/rule6"
}
