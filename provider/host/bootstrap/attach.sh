# shellcheck shell=dash
# As root: runs what a person asks for in a machine, by its service manager, so its network is not needed; or on the host, about it.
# Words come in base64, so that nothing of them is shell text.
plain() {
  w=$(printf %s "$1" | base64 -d && printf x)
  w=${w%x}
}
plain "$3"
m=$w
t=$4
shift 4
n=$#
while [ "$n" -gt 0 ]; do
  plain "$1"
  shift
  set -- "$@" "$w"
  n=$((n - 1))
done
if [ "$t" = host ]; then
  exec "$@"
fi
systemctl is-active -q "systemd-nspawn@$m.service" || say NSPAWN_NOT_READY "the machine $m does not run on this host; its last words: npx pulumi-nspawn logs --host $m"
if [ "$t" = pipe ]; then
  exec systemd-run -q -M "$m" --uid=root --collect --wait --pipe -- "$@"
fi
exec systemd-run -q -M "$m" --uid=root --collect --wait --pty --setenv=TERM="$t" -- "$@"
