# shellcheck shell=dash
# Becomes root where the login is not: by sudo, which may not ask for a password, because nobody is there to answer.
# $1 is what root runs: an argument of its shell, so it is quoted once however deep it stands. Further words are its own.
w=$1
shift
u=$(id -un)
if [ "$(id -u)" = 0 ]; then
  exec sh -c "$w" sh "$SSH_CONNECTION" "$u" "$@"
fi
a="log in as root, or let $u run everything by sudo without a password (NOPASSWD: ALL in /etc/sudoers.d)"
command -v sudo >/dev/null || say NSPAWN_NOT_ROOT "the login $u is not root, and there is no sudo; $a"
if ! m=$(LC_ALL=C sudo -n sh -c : 2>&1 </dev/null); then
  case $m in
    *"a password is required"*) say NSPAWN_NOT_ROOT "the login $u is not root, and sudo asks for a password; $a" ;;
    *) say NSPAWN_NOT_ROOT "the login $u is not root, and sudo refuses: $(printf %s "$m" | head -n 1); $a" ;;
  esac
fi
exec sudo -n sh -c "$w" sh "$SSH_CONNECTION" "$u" "$@"
