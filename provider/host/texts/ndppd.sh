# shellcheck shell=dash
# shellcheck disable=SC2154 # it stands at the end of uplink.sh
# For whole subnets, which no entry of the kernel can stand for: exactly those that are listed.
{
  printf 'proxy %s {\n  router yes\n' "$uplink"
  for list in "$lists"/*.conf; do
    [ -f "$list" ] || continue
    sed -n 's,^\([0-9a-f:][0-9a-f:]*/[0-9][0-9]*\)$,  rule \1 {\n    static\n  },p' "$list"
  done
  printf '}\n'
} >"$state/ndppd.new"
if cmp -s "$state/ndppd.new" "$state/ndppd.conf"; then
  rm -f "$state/ndppd.new"
else
  mv "$state/ndppd.new" "$state/ndppd.conf"
  # It reads this only when it starts. At boot it may be about to.
  systemctl --no-block restart @SERVICE@ || :
fi
