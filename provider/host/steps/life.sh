# shellcheck shell=dash
# How machines are at this moment, for people: what the host's service manager, its file system and the last check say of them.
# Nothing in a tree is looked at, no machine is asked, and nothing is changed.

# Lines of a machine, a word and what is said of it.
step_life() { # TEXT with names, one on a line
  local names="$1"
  local machine
  say "looking at the machines"
  groups_shown >"$DIR/groups"
  {
    printf -- '-\tup\t%s\n' "$(cut -d ' ' -f 1 /proc/uptime)"
    # shellcheck disable=SC2046 # words
    systemctl show -p Id -p ActiveState -p ActiveEnterTimestampMonotonic -p MemoryCurrent $(sed 's/.*/systemd-nspawn@&.service/' "$DIR/texts/$names") | by_machine
    while IFS= read -r machine; do
      disk_of "$machine" | sed "s/^/$machine${TAB}disk$TAB/"
      if [ -e "/run/pulumi-nspawn-health/$machine" ]; then head -c 1000 "/run/pulumi-nspawn-health/$machine" | sed "s/^/$machine${TAB}health /; s/ /$TAB/2"; fi
    done <"$DIR/texts/$names"
  } >"$DIR/life"
  frame result life "$DIR/life"
}

# Bytes that btrfs has counted by itself, where its quotas are on: with the machine's own subvolumes, where it has a quota. Else
# nobody knows them without a walk through the tree.
disk_of() { # MACHINE
  local group
  if [ ! -s "$DIR/groups" ] || ! group=$(group_of "$TREES/$1"); then return 0; fi
  awk -v group="$group" -v own="0/${group#1/}" '
    $1 == own && taken == "" || $1 == group { taken = $2 }
    END { if (taken ~ /^[0-9]+$/) print taken }' "$DIR/groups"
}

# Blocks of units, with keys in any order, to lines.
by_machine() {
  awk -v OFS="$TAB" 'BEGIN { RS = ""; FS = "\n" } {
    for (i = 1; i <= NF; i++) if (index($i, "Id=") == 1) { id = substr($i, 4); sub(/^systemd-nspawn@/, "", id); sub(/\.service$/, "", id) }
    for (i = 1; i <= NF; i++) if ((at = index($i, "=")) > 0) print id, substr($i, 1, at - 1), substr($i, at + 1)
  }'
}
