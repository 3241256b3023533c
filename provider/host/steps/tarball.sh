# shellcheck shell=dash
# Images that come as an archive: fetched, verified, looked through, and only then unpacked.

MOST_ARCHIVE=4294967296 MOST_TREE=8589934592 MOST_ENTRIES=1000000 MOST_SIGNATURE=65536

build_tarball() {
  local url path local_path archive wanted_sum sum from
  url=$(source_of url) path=$(source_of path) local_path=$(source_of local) archive=$PARTIAL.tar
  from=${url:-${path:-$local_path}}
  room_for_tree 600
  if [ -n "$url" ]; then
    fetch "$url" "$archive" "$MOST_ARCHIVE"
  elif [ -n "$path" ]; then
    take_archive "$path"
  else
    receive_archive "$(source_of bytes)"
  fi
  wanted_sum=$(source_of sha256) sum=$(sha256sum <"$archive")
  if [ "${sum%% *}" != "$wanted_sum" ]; then
    fail NSPAWN_IMAGE "$from: expected the SHA-256 sum $wanted_sum, got ${sum%% *} of $(stat -c %s "$archive") bytes; was it cut off or replaced? Nothing of it was unpacked"
  fi
  # shellcheck disable=SC2154 # the caller's
  if grep -q "^keyring" "$source"; then verify_signature; fi
  unpack_archive
}

# What comes into the tree is looked through before; archives of any source come by here.
unpack_archive() {
  choose_unpacker
  inspect_archive
  say "unpacking the image"
  new_tree "$PARTIAL"
  : >"$DIR/ok"
  unpacked | within "$PARTIAL" tar -xpf - --numeric-owner --xattrs --xattrs-include=security.capability -C tree || rm -f "$DIR/ok"
  if [ ! -e "$DIR/ok" ]; then fail NSPAWN_IMAGE "$from could not be unpacked: $(tail -n 3 "$DIR/log")"; fi
  rm -f "$archive"
  chown 0:0 "$PARTIAL"
  chmod 0755 "$PARTIAL"
  require_system
}

take_archive() { # PATH
  local took
  # A copy, so that what is verified is what is unpacked.
  took=$(tree_pl take - "$1" "$archive" "$MOST_ARCHIVE") && return 0
  case $took in
    large) fail NSPAWN_IMAGE "$1 is over the limit of $((MOST_ARCHIVE / 1048576)) MB" ;;
    "") exit 1 ;;
    *) fail NSPAWN_IMAGE "$1 is no file on the host; image.path is a path there, not where the program runs" ;;
  esac
}

# What comes after the program, on its standard input: nothing but an archive that was asked for.
receive_archive() { # BYTES
  if [ -z "$1" ]; then fail NSPAWN_IMAGE "the image of $from is not on the host any more; run up again, which sends it"; fi
  if [ "$1" -gt "$MOST_ARCHIVE" ]; then fail NSPAWN_IMAGE "$from is over the limit of $((MOST_ARCHIVE / 1048576)) MB"; fi
  room $(($1 / 1048576 + 256)) "${archive%/*}"
  head -c "$1" >"$archive"
  if [ "$(stat -c %s "$archive")" != "$1" ]; then
    fail NSPAWN_CONNECTION_LOST "$from ended after $(stat -c %s "$archive") of $1 bytes; nothing of it is kept, run up again"
  fi
}

verify_signature() {
  local text signature
  choose_keyring - -
  text=$(source_of signature-text) signature=$PARTIAL.sig
  if [ -n "$text" ]; then cp "$DIR/texts/$text" "$signature"; else fetch "$(source_of signature-url)" "$signature" "$MOST_SIGNATURE"; fi
  gpgv --homedir "$DIR" --weak-digest SHA1 --keyring "$KEYRING" "$signature" "$archive" ||
    fail NSPAWN_IMAGE "$from has no good signature of the given keys: $(grep '^gpgv:' "$DIR/log" | tail -n 3); nothing of it was unpacked"
}

choose_unpacker() {
  case $(od -An -tx1 -N6 "$archive" | tr -d ' \n') in
    1f8b*) UNPACKER="gzip -dc" ;;
    fd377a585a00)
      tools xz-utils
      UNPACKER="xz -dc"
      ;;
    28b52ffd*)
      tools zstd
      UNPACKER="zstd -dcq"
      ;;
    *)
      UNPACKER="cat"
      if [ "$(tail -c +258 "$archive" | head -c 5)" != ustar ]; then fail NSPAWN_IMAGE "$from is no tar archive, neither plain nor packed by gzip, xz or zstd"; fi
      ;;
  esac
}

# Cut off beyond the largest tree and its headers, however much a small archive claims to hold.
unpacked() { $UNPACKER <"$archive" | head -c $((MOST_TREE + 2147483648)); }

# One line per entry, of which none is unpacked yet: the first one that could reach out of the tree, or is too much, ends it.
inspect_archive() {
  say "looking through the image"
  : >"$DIR/ok"
  { unpacked | tar -tvPf - --quoting-style=escape --quote-chars=' ' --numeric-owner --full-time || rm -f "$DIR/ok"; } |
    awk -v most_bytes="$MOST_TREE" -v most_entries="$MOST_ENTRIES" "$SAFE_ENTRIES" >"$DIR/entries"
  case $(head -n 1 "$DIR/entries") in
    unsafe*) fail NSPAWN_IMAGE "$from: $(head -n 1 "$DIR/entries"); nothing of it was unpacked" ;;
    bytes*) ;;
    *) fail NSPAWN_IMAGE "$from holds no tree" ;;
  esac
  if [ ! -e "$DIR/ok" ]; then fail NSPAWN_IMAGE "$from is damaged: $(tail -n 3 "$DIR/log"); nothing of it was unpacked"; fi
  room $(($(sed -n 's/^bytes //p' "$DIR/entries") / 1048576 + 256)) "$LIBRARY"
}

# Columns of tar: mode, owner, size, date, time, name, and "-> target" or "link to target" of links.
# shellcheck disable=SC2016 # for another shell
SAFE_ENTRIES='
function shown(name) { gsub(/\002/, " ", name); gsub(/\001/, "\\", name); return "\"" substr(name, 1, 80) "\"" }
function unsafe(why) { printf "unsafe entry %s: %s\n", shown($6), why; refused = 1; exit }
function plain(name) {
  while (sub(/^\.\/+/, "", name) || sub(/\/\.\//, "/", name) || sub(/\/\//, "/", name) || sub(/\/\.?$/, "", name)) { }
  return name == "." ? "" : name
}
function leads_out(name) { return name ~ /^\// || name ~ /(^|\/)\.\.(\/|$)/ }
{
  # A space within a name is escaped, and so is a backslash.
  gsub(/\\\\/, "\001"); gsub(/\\ /, "\002")
  kind = substr($1, 1, 1); name = plain($6); entries += 1
  if (entries > most_entries) unsafe("more than " most_entries " entries")
  # Columns that are not where they should be would hide a name.
  columns = kind == "l" ? $7 == "->" : kind == "h" ? NF == 9 && $7 $8 == "linkto" : NF == 6
  if (!columns || $4 !~ /^[0-9]+-[0-9]+-[0-9]+$/ || $5 !~ /^[0-9]+:[0-9]+:[0-9.]+$/) unsafe("it cannot be read: " shown($0))
  if (leads_out($6)) unsafe("it leads out of the tree")
  if (kind == "c" || kind == "b") unsafe("it is a device; leave out what is in dev (docs/images.md; mmdebstrap: --skip=output/dev)")
  if (kind !~ /[-dlh]/) unsafe("it is no file, directory or link")
  if (name == "" && kind != "d") unsafe("it takes the place of the tree itself")
  count = split(name, part, "/"); above = ""
  for (i = 1; i < count; i++) {
    above = above (i > 1 ? "/" : "") part[i]
    if (above in link) unsafe("it would be written through the link " shown(above))
    directory[above] = 1
  }
  if (name in link) unsafe("a link stands in its place")
  if (kind == "l") { if (name in directory) unsafe("a directory stands in its place"); link[name] = 1 }
  if (kind == "d") directory[name] = 1
  if (kind == "h") {
    if (leads_out($9) || !(plain($9) in file)) unsafe("it is a hard link to " shown($9) ", which is no file before it in the archive")
    file[name] = 1
  }
  if (kind == "-") {
    file[name] = 1; bytes += $3
    if (bytes > most_bytes) unsafe("the tree is over the limit of " most_bytes / 1048576 " MB")
  }
}
END { if (!refused && entries > 0) printf "bytes %.0f\n", bytes }
'

# The tree boots, and none of the directories that are worked in from outside is a link, which could lead anywhere.
require_system() {
  local part
  for part in etc etc/ssh etc/systemd etc/systemd/system etc/apt var var/lib var/lib/dbus var/lib/apt var/lib/apt/lists var/cache var/cache/apt var/cache/apt/archives usr usr/lib usr/lib/systemd usr/lib/systemd/system; do
    if [ -L "$PARTIAL/$part" ]; then fail NSPAWN_IMAGE "$from: unsafe entry \"$part\": it is a link, and has to be a directory"; fi
  done
  if [ -d "$PARTIAL/etc/systemd" ] && [ -n "$(find "$PARTIAL/etc/systemd" -type l \( -name '*.wants' -o -name '*.requires' -o -name '*.d' \))" ]; then
    fail NSPAWN_IMAGE "$from: a directory of units in etc/systemd is a link"
  fi
  if [ ! -d "$PARTIAL/etc" ] || [ ! -f "$PARTIAL/usr/lib/systemd/systemd" ] || [ ! -f "$PARTIAL/usr/lib/systemd/system/systemd-networkd.service" ]; then
    fail NSPAWN_IMAGE "$from: no tree that boots systemd with systemd-networkd stands at the top of it (etc, usr/lib/systemd/systemd, usr/lib/systemd/system/systemd-networkd.service)"
  fi
}
