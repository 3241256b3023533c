# shellcheck shell=dash
# Runs ndppd(1) for as long as its interface is up. It reads no error of a socket, so once an interface was down it asks the
# kernel without a pause from then on.
set -u
configuration=@CONFIGURATION@
uplink=$(sed -n 's/^proxy \([^ ]*\) {$/\1/p' "$configuration")
until ip -o link show dev "$uplink" up 2>/dev/null | grep -q .; do sleep 1; done
{
  ndppd -c "$configuration"
  kill $$
} &
# All that the kernel says of it, and once more how it is, for what happened before anybody listened. The first line without
# UP ends this, and so does that there is no such interface; systemd then ends what is left, and begins anew.
{
  ip -o monitor link dev "$uplink" &
  sleep 1
  ip -o link show dev "$uplink"
  wait
} 2>/dev/null | {
  grep -qv '[<,]UP[,>]'
  kill $$
}
