# shellcheck shell=dash
# Images of trees that are on the host: packed as an archive, and from there on what any archive is.

build_directory() {
  local path archive from part above
  path=$(source_of path) archive=$PARTIAL.tar
  from=$path above=""
  for part in $(printf %s "${path#/}" | tr / ' '); do
    above=$above/$part
    if [ -L "$above" ]; then fail NSPAWN_IMAGE "$path leads through the link $above; give the path without it"; fi
  done
  if [ ! -d "$path" ]; then fail NSPAWN_IMAGE "$path is no directory on the host; image.path is a path there, not where the program runs"; fi
  pack_tree "$path"
  if [ "$STEADY" != 0 ]; then fail NSPAWN_IMAGE "$path changed while it was copied: $(tail -n 3 "$DIR/log"); let nobody write to it, and run up again"; fi
  unpack_archive
  move_owners "$PARTIAL"
}

# Packs a tree that may be changing, and whose owner may be anybody: it is read by `within`, and looked through when it is
# packed. Sockets, pipes and what a system makes anew at each start (dev, proc, sys, run) are left out. Sets BASE: the first
# of the ids that are the tree's own, and STEADY: whether nothing changed meanwhile.
pack_tree() { # FOLDER
  if ! within "$1" test -f tree/usr/lib/systemd/systemd; then fail NSPAWN_IMAGE "$from: no tree that boots systemd stands there (usr/lib/systemd/systemd, without a link in its path)"; fi
  SIZE=$(within "$1" du -sxm tree | cut -f 1)
  room_for_tree $((2 * SIZE + 256))
  owned_by_itself "$1"
  say "copying $SIZE MB"
  to_pack "$1" -printf '%P\0' | head -c "$MOST_NAMES" >"$DIR/names"
  if [ "$(stat -c %s "$DIR/names")" -ge "$MOST_NAMES" ]; then fail NSPAWN_IMAGE "the names of the files in $from have more than $((MOST_NAMES / 1048576)) MB"; fi
  STEADY=0
  {
    within "$1" tar --create --file=- --format=posix --pax-option=delete=atime,delete=ctime --directory=tree --null --verbatim-files-from \
      --no-recursion --files-from=- --ignore-failed-read --numeric-owner --sparse --xattrs --xattrs-include=security.capability <"$DIR/names" || echo $? >"$DIR/packed"
  } | head -c "$MOST_PACKED" >"$archive"
  if [ -s "$DIR/packed" ]; then STEADY=$(cat "$DIR/packed"); fi
  rm -f "$DIR/packed" "$DIR/names"
  if [ "$(stat -c %s "$archive")" -ge "$MOST_PACKED" ]; then fail NSPAWN_IMAGE "$from is over the limit of $((MOST_TREE / 1048576)) MB"; fi
}
# Bytes: of the names, and of a tree with its headers.
MOST_NAMES=134217728 MOST_PACKED=$((MOST_TREE + 2147483648))

to_pack() { # FOLDER ACTION…
  local folder
  folder=$1
  shift
  within "$folder" find tree -mindepth 1 -xdev \( -path 'tree/dev/*' -o -path 'tree/proc/*' -o -path 'tree/sys/*' -o -path 'tree/run/*' \) -prune -o ! -type s ! -type p "$@"
}

# Whoever is not one of a tree's own users has no business in what others are made of.
owned_by_itself() { # FOLDER
  local owner stranger
  owner=$(stat -c %u "$1")
  BASE=$((owner - owner % 65536))
  stranger=$(to_pack "$1" \( -uid "-$BASE" -o -uid "+$((BASE + 65535))" -o -gid "-$BASE" -o -gid "+$((BASE + 65535))" \) -printf '%U:%G\t%P\n' -quit | head -c 300 | head -n 1)
  if [ -n "$stranger" ]; then fail NSPAWN_IMAGE "$from: a file belongs to ${stranger%%"$TAB"*}, which is none of the tree's own users ($BASE to $((BASE + 65535))): \"$(printf %s "${stranger#*"$TAB"}" | head -c 200)\"; give it to one of them, or remove it"; fi
}

# Gives each file to the user that its owner is inside. A change of the owner takes setuid away, so the mode comes after it.
move_owners() { # FOLDER
  if [ "$BASE" = 0 ]; then return 0; fi
  # perl has no /dev/null there to begin with: it reads itself, and then the names.
  # shellcheck disable=SC2016 # for perl
  within "$1" sh -ec '{ printf "%s\n__END__\n" "$1"; find tree -print0; } | perl - "$2"' sh '
    use POSIX (); $/ = "\0"; my $base = shift;
    while (my $name = <DATA>) {
      chomp $name;
      my @is = lstat $name or die "$name: $!\n";
      my $is_link = -l _;
      POSIX::lchown((map { $_ >= $base ? $_ - $base : $_ } @is[4, 5]), $name) // die "$name: $!\n";
      $is_link or chmod $is[2] & 07777, $name or die "$name: $!\n";
    }
  ' "$BASE"
}
