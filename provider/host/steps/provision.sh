# shellcheck shell=dash
# What a machine's own root does in it, by its own service manager: packages, users, files, units, commands. The host's root touches
# nothing of it in the tree. What was done is remembered with the owner, and done once for each content.

# Whether the machine has said that it runs, and how what was done in it last has ended.
PROVISION_READY="" CODE=""
# Seconds of one kind, or of one command.
PROVISION_SECONDS=900

# A line for each part, as in $MINE/provisioned: digest, sum of the content, name; then the name of a text, and words of its kind.
# What fails ends it softly, so that each function that is called looks at FAILED.
step_provision() {
  local machine="$1" list="$2"
  local wanted kind
  wanted=$DIR/texts/$list
  if [ "$list" = - ]; then wanted=/dev/null; fi
  if [ ! -s "$wanted" ] && [ ! -s "$MINE/provisioned" ]; then return 0; fi
  : >>"$MINE/provisioned"
  for kind in packages user file unit; do provision_kind "$kind"; done
  provision_commands
}

# What was done in a machine that has come from another host, as that one said it.
step_provisioned() {
  local text="$1"
  if [ ! -e "$MINE/provisioned" ]; then cp "$DIR/texts/$text" "$MINE/provisioned"; fi
}

# Of one kind the lines of a file that another one does not have, by their digests or by their names.
lines_beyond() { # KIND digest|name FILE OTHER
  awk -F "$TAB" -v kind="$1" -v by="$2" -v other="$4" '
    function is(line) { return by == "name" ? line[3] : line[1] FS line[3] }
    BEGIN { while ((getline text < other) > 0) { split(text, line); have[is(line)] = 1 } }
    $3 == kind || index($3, kind " ") == 1 { split($0, line); if (!(is(line) in have)) print }' "$3"
}

provision_kind() { # KIND
  local parcel
  if [ "$FAILED" = soft ]; then return 0; fi
  parcel=$DIR/parcel
  empty_parcel
  lines_beyond "$1" digest "$wanted" "$MINE/provisioned" >"$parcel/list"
  lines_beyond "$1" name "$MINE/provisioned" "$wanted" >"$parcel/gone"
  if [ ! -s "$parcel/list" ] && [ ! -s "$parcel/gone" ]; then return 0; fi
  # A package that is no longer asked for stays, so there is nothing to do about it.
  if [ "$1" != packages ] || [ -s "$parcel/list" ]; then
    provision_ready
    if [ "$FAILED" = soft ]; then return 0; fi
    case $1 in
      packages) say "installing packages in the machine" ;;
      user) say "making the machine's users" ;;
      file) say "writing files in the machine" ;;
      unit) say "starting units in the machine" ;;
    esac
    take_texts "$parcel/list"
    by_its_root "$machine" "$1"
    if [ "$CODE" != 0 ]; then
      provision_failed "$(words_of "$1")"
      return 0
    fi
  fi
  done_now "$parcel/list" "$parcel/gone"
}

words_of() { # KIND
  case $1 in
    packages) printf %s 'provision.packages' ;;
    user) printf %s 'users' ;;
    file) printf %s 'provision.files' ;;
    unit) printf %s 'provision.units' ;;
  esac
}

# One after the other, each remembered at once: after a failure the next attempt goes on with the one that failed, as long as what
# was done before is the same. Another content of anything runs all of them again.
provision_commands() {
  local have last at count number line
  if [ "$FAILED" = soft ]; then return 0; fi
  awk -F "$TAB" '$3 ~ /^command [0-9]+$/' "$wanted" >"$DIR/commands"
  last=$(awk -F "$TAB" '$3 == "commands" { print $1 }' "$wanted")
  have=$(awk -F "$TAB" '$3 == "commands" { print $1 }' "$MINE/provisioned")
  if [ "$have" = "$last" ]; then return 0; fi
  if [ -z "$last" ]; then
    printf -- '-\t-\tcommands\n' >"$DIR/gone"
    done_now /dev/null "$DIR/gone"
    return 0
  fi
  count=$(wc -l <"$DIR/commands")
  at=$(awk -F "$TAB" -v have="$have" '$1 == have { print NR }' "$DIR/commands")
  number=${at:-0}
  while [ "$number" -lt "$count" ]; do
    number=$((number + 1))
    line=$(sed -n "${number}p" "$DIR/commands")
    run_in_machine "$line"
    if [ "$FAILED" = soft ]; then return 0; fi
    remember_commands "${line%%"$TAB"*}"
  done
  remember_commands "$last"
}
run_in_machine() { # LINE of a command
  provision_ready
  if [ "$FAILED" = soft ]; then return 0; fi
  say "running command $number of $count in the machine"
  empty_parcel
  printf '%s\n' "$1" >"$DIR/command"
  take_texts "$DIR/command"
  by_its_root "$machine" command "${1##*"$TAB"}"
  if [ "$CODE" != 0 ]; then provision_failed "provision.commands[$((number - 1))]"; fi
}
remember_commands() { # DIGEST
  printf '%s\t-\tcommands\n' "$1" >"$DIR/command"
  done_now "$DIR/command" /dev/null
}

# Remembers lines, by the names of their parts, and forgets others.
done_now() { # LINES GONE
  {
    awk -F "$TAB" -v done="$1" -v gone="$2" '
      BEGIN { while ((getline text < done) > 0) { split(text, line); drop[line[3]] = 1 }
        while ((getline text < gone) > 0) { split(text, line); drop[line[3]] = 1 } }
      !($3 in drop)' "$MINE/provisioned"
    cut -f 1-3 "$1"
  } >"$MINE/provisioned.new"
  sync "$MINE/provisioned.new"
  mv -f "$MINE/provisioned.new" "$MINE/provisioned"
}

# What is sent into the machine: the program for it, and the texts that lines name.
empty_parcel() {
  rm -rf "$DIR/parcel"
  mkdir "$DIR/parcel"
  printf '%s' "$PROVISION_SH" >"$DIR/parcel/run"
}
take_texts() { # FILE
  awk -F "$TAB" '{ for (i = 4; i <= NF; i++) if ($i ~ /^provision\./) print $i }' "$1" | while IFS= read -r name; do
    ln "$DIR/texts/$name" "$DIR/parcel/$name"
  done
}

provision_ready() {
  if [ -n "$PROVISION_READY" ]; then return 0; fi
  if ! has_bus "$machine"; then
    fail_later NSPAWN_PROVISION "the machine $machine has no D-Bus, by which its service manager is asked to do what users and provision say: put the package dbus into its image (with image.packages, or in the archive), or leave them out"
    return 0
  fi
  # It says what is wrong in words of its own.
  step_await_ready "$machine" 90
  if [ "$FAILED" = soft ]; then return 0; fi
  # What an earlier run has begun goes on by itself; two at once would be in each other's way.
  if ! await "$PROVISION_SECONDS" nothing_of_ours_runs_in "$machine"; then
    fail_later NSPAWN_PROVISION "in the machine $machine an earlier run's pulumi-nspawn-provision.service has not ended for $PROVISION_SECONDS s; see machinectl shell $machine /bin/systemctl status pulumi-nspawn-provision.service"
    return 0
  fi
  PROVISION_READY=yes
}
nothing_of_ours_runs_in() { # MACHINE
  case $(timeout 5 systemctl --machine="$1" is-active pulumi-nspawn-provision.service 2>/dev/null | head -n 1 | head -c 64) in
    active | activating | deactivating | reloading) return 1 ;;
  esac
}

# The parcel goes in by a pipe, and words come out by one: a file of the host could be opened anew by whoever gets it. Its last words
# are in $DIR/said; whoever holds them back is not waited for.
by_its_root() { # MACHINE WORDS…
  local inside code note
  inside=$1
  shift
  # The machine's service manager puts variables in, of which $$ is one $.
  # shellcheck disable=SC2016
  {
    code=0
    tar -C "$DIR/parcel" -cf - . |
      timeout "$((PROVISION_SECONDS + 30))" systemd-run -q --machine="$inside" --uid=root --collect --wait --pipe \
        --unit=pulumi-nspawn-provision.service -p RuntimeMaxSec="$PROVISION_SECONDS" -p TimeoutStopSec=20 -- /bin/sh -c \
        'umask 077; d=$$(mktemp -d /run/pulumi-nspawn.XXXXXXXX) && tar -xf - --no-same-owner -C "$$d" && sh "$$d/run" "$$@"; c=$$?; rm -rf "$$d"; exit "$$c"' sh "$@" || code=$?
    printf '%s\n' "$code" >"$DIR/code"
  } 2>&1 3<&- 4>&- 7>&- 8>&- 9>&- | timeout "$((PROVISION_SECONDS + 60))" tail -c 6000 3<&- 4>&- 7>&- 8>&- 9>&- >"$DIR/said" || :
  CODE=$(cat "$DIR/code" 2>/dev/null || printf unknown)
  rm -f "$DIR/code"
  sed -n 's/^note: //p' "$DIR/said" | head -n 20 | while IFS= read -r note; do warn "in the machine $inside: $note"; done
}

provision_failed() { # WHAT
  local words
  words=$(tr -d '\000' <"$DIR/said" | tail -n 40 | tail -c 4000)
  fail_later NSPAWN_PROVISION "$1: it failed inside the machine $machine (exit code $CODE); its last words: ${words:-it said nothing}; correct it, in the program or in the machine (npx pulumi-nspawn shell), and run up again, which goes on from there"
}
