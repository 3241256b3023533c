# shellcheck shell=dash
# How machines are at this moment, for people: what the host's service manager, its file system and the last check say of them.
# Nothing in a tree is looked at, no machine is asked, and nothing is changed.

# Lines of a machine, a word and what is said of it.
step_life() { # TEXT with names, one on a line
  local names="$1"
  local machine
  say "looking at the machines"
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

# Bytes that btrfs has counted by itself, where its quotas are on; else nobody knows them without a walk through the tree.
disk_of() { # MACHINE
  if is_subvolume "$TREES/$1"; then btrfs qgroup show -f --raw "$TREES/$1" 2>/dev/null | awk '$1 ~ /^0\/[0-9]+$/ { print $2; exit }'; fi
}

# Blocks of units, with keys in any order, to lines.
by_machine() {
  awk -v OFS="$TAB" 'BEGIN { RS = ""; FS = "\n" } {
    for (i = 1; i <= NF; i++) if (index($i, "Id=") == 1) { id = substr($i, 4); sub(/^systemd-nspawn@/, "", id); sub(/\.service$/, "", id) }
    for (i = 1; i <= NF; i++) if ((at = index($i, "=")) > 0) print id, substr($i, 1, at - 1), substr($i, at + 1)
  }'
}
