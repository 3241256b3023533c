/**
 * A line by which our command says that it is there: what came before it was somebody else's. As it stands in the command
 * it is no such line, so nobody who prints that says it.
 */
export const ready = "pulumi-nspawn ready";
const sayReady = `printf "\\n%s %s\\n" ${ready}; `;

/** Reports a failure as a program would: `say CODE TEXT`. In the locale C a length is in bytes, whatever the shell. */
const say = 'say() { LC_ALL=C; printf "error\\t%s\\t%s\\n%s\\n" "$1" "${#2}" "$2"; exit 1; }; ';

/**
 * Becomes root where the login is not: by sudo, which may not ask for a password, because nobody is there to answer.
 * What follows is an argument of the shell, so it is quoted once however deep it stands.
 */
const becomeRoot =
  say.replace("LC_ALL=C; ", `LC_ALL=C; ${sayReady}`) +
  'u=$(id -un); if [ "$(id -u)" = 0 ]; then exec sh -c "$1" sh "$SSH_CONNECTION" "$u"; fi; ' +
  'a="log in as root, or let $u run everything by sudo without a password (NOPASSWD: ALL in /etc/sudoers.d)"; ' +
  'command -v sudo >/dev/null || say NSPAWN_NOT_ROOT "the login $u is not root, and there is no sudo; $a"; ' +
  "if ! m=$(LC_ALL=C sudo -n sh -c : 2>&1 </dev/null); then case $m in " +
  '*"a password is required"*) say NSPAWN_NOT_ROOT "the login $u is not root, and sudo asks for a password; $a" ;; ' +
  '*) say NSPAWN_NOT_ROOT "the login $u is not root, and sudo refuses: $(printf %s "$m" | head -n 1); $a" ;; esac; fi; ' +
  'exec sudo -n sh -c "$1" sh "$SSH_CONNECTION" "$u"';

/**
 * As root: unpacks what comes first on stdin (a length, a tar archive) into a directory that only root can read, leaves
 * the rest of stdin to the program, and runs the constant script in it. A program that changes the host runs in a unit of
 * PID 1, which does not end with the connection and puts back what an ended program left open.
 */
const unpackAndRun =
  sayReady +
  say +
  "umask 077; LC_ALL=C; export LC_ALL; " +
  'no() { case $1 in *"No space left"*) c=NSPAWN_DISK_FULL ;; *) c=NSPAWN_STEP_FAILED ;; esac; say $c "$2, so nothing was changed: $1"; }; ' +
  'd=$(mktemp -d /run/pulumi-nspawn.XXXXXXXX 2>&1) || no "$d" "there is no room for the program"; ' +
  '{ IFS= read -r n && m=$(head -c "$n" | tar -xf - -C "$d" 2>&1); } || { rm -rf "$d"; no "$m" "the program could not be unpacked"; }; ' +
  'printf "%s\\n" "$1" >"$d/login"; printf "%s\\n" "$2" >"$d/user"; limit=$(sed -n "s/^limit //p" "$d/call"); ' +
  'if [ -z "$limit" ] || [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then exec sh "$d/script" "$d"; fi; ' +
  'u=pulumi-nspawn-${d##*.}; systemd-run --quiet --collect --pipe --unit="$u" --description="A change by pulumi-nspawn" ' +
  '-p RuntimeMaxSec="$limit" -p TimeoutStopSec=900 -p ExecStopPost="-/bin/sh /var/lib/pulumi-nspawn/script --end $u" sh "$d/script" "$d" 2>"$d/why"; ' +
  // Who has begun has a log, and takes the folder away.
  's=$?; m=$(cat "$d/why" 2>/dev/null); if [ -d "$d" ] && [ ! -e "$d/log" ]; then rm -rf "$d"; no "$m" "systemd-run did not start the program"; fi; ' +
  'printf %s "$m" >&2; rm -rf "$d"; exit $s';

/** The only command that is ever executed: a constant. Nothing from arguments becomes shell text, and no secret is in it. */
export const command = `sh -c '${becomeRoot}' sh '${unpackAndRun}'`;
