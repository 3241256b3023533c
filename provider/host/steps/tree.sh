# shellcheck shell=dash
# Trees: what a machine's root may be changing meanwhile. Everything that touches the inside of one does it by one of
# two ways, both of which stay in it whatever happens there (docs/security.md): `in_tree` or `within`.

# Single paths, by tree.pl, which stands at the end of this file: no path of more than one name is resolved.
# Sets SAID to what it told.
in_tree() { # STEP PATH WORDS…, the path as it is in the published tree
  local tree_step inside
  tree_step=$1 inside=${2#"$TREES"/*/}
  shift 2
  SAID=$(tree_pl "$tree_step" "$ROOT" "$inside" "$@") && return 0
  if [ -n "$SAID" ]; then fail NSPAWN_STEP_FAILED "$SAID"; fi
  exit 1
}
tree_pl() { perl -x "$0" "$@" 3<&- 4>&- 7>&- 8>&- 9>&-; }

# All of a tree, by commands that see only it, as ./tree, and the host's programs, read-only. No link is followed, no
# device can be made or opened, what is mounted below is not seen, and capabilities are those that files need.
within() { # FOLDER COMMAND…
  unshare --mount --propagation private sh -ec "$ALONE_WITH_TREE" sh "$DIR/room" "$@" 3<&- 4>&- 7>&- 8>&- 9>&-
}
# shellcheck disable=SC2016 # for another shell
ALONE_WITH_TREE='
room=$1 tree=$2
shift 2
mkdir -p "$room"
mount -t tmpfs -o mode=0755,size=64k none "$room"
mkdir "$room/tree"
for part in usr bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$part" ]; then
    cp -P "/$part" "$room/$part"
  elif [ -d "/$part" ]; then
    mkdir "$room/$part"
    mount --bind "/$part" "$room/$part"
    mount -o remount,bind,ro,nosuid,nodev "$room/$part"
  fi
done
mount --bind "$tree" "$room/tree"
mount -o remount,bind,nosuid,nodev,noexec,nosymfollow "$room/tree"
mount -o remount,ro "$room"
exec chroot "$room" setpriv --no-new-privs --bounding-set=-all,+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+setfcap "$@"
'

# Also what a machine's processes still use, or what is being renamed: nothing but the tree can go.
discard() { # TREE
  if [ ! -d "$1" ] || [ -L "$1" ]; then
    rm -f "$1"
    return
  fi
  if drop_subvolume "$1"; then return 0; fi
  within "$1" find tree -mindepth 1 -delete
  rmdir "$1"
}

# A tree on btrfs is a subvolume: it goes at once, however much is in it, and a snapshot of one is made at once.
is_subvolume() { # FOLDER
  [ "$(stat -f -c %T "$1")" = btrfs ] && [ "$(stat -c %i "$1")" = 256 ] && command -v btrfs >/dev/null
}
drop_subvolume() { # TREE
  if ! is_subvolume "$1"; then return 1; fi
  # Those that systemd makes at a first start (tmpfiles.d(5), `v`) would hinder it. With others it is emptied file by file.
  within "$1" find tree/var/lib/machines tree/var/lib/portables -maxdepth 0 -empty -delete 2>/dev/null || :
  run btrfs -q subvolume delete "$1"
}
new_tree() { # FOLDER, which is not there
  if [ "$(stat -f -c %T "${1%/*}")" = btrfs ] && command -v btrfs >/dev/null; then
    run btrfs -q subvolume create "$1"
  else
    mkdir "$1"
  fi
  chmod 0755 "$1"
}
copy_tree() { # FROM TO, which is not there
  if is_subvolume "$1" && run btrfs -q subvolume snapshot "$1" "$2"; then return 0; fi
  cp -a --reflink=auto "$1" "$2"
}

# A file system that somebody has mounted below would go to the trash, or be emptied, with the tree.
nothing_mounted() { # TREE
  local mounted
  mounted=$(awk -v tree="$1" '$5 == tree || index($5, tree "/") == 1 { print $5 }' /proc/self/mountinfo)
  if [ -n "$mounted" ]; then fail NSPAWN_STEP_FAILED "something is mounted in the machine's tree on the host ($(printf %s "$mounted" | tr '\n' ' ')), and would go with it; unmount it (umount) and run up again"; fi
}
